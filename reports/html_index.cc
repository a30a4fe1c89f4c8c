// The page of several audits: one row for each, worst first.
#include <fmt/core.h>

#include <kainjow/mustache.hpp>

#include "harness/analysis/verdict.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/base/text.h"
#include "harness/base/version.h"
#include "harness/evidence/bundle_files.h"
#include "reports/audit_index.h"
#include "reports/html_view.h"
#include "reports/uri.h"

namespace skillaudit {
namespace {

namespace mustache = kainjow::mustache;
using html::Html;
using html::markup;

/// Class and words of a verdict.
struct Shown {
  std::string_view css;
  std::string_view words;
};

Shown shown(const IndexedAudit& audit) {
  if (!audit.error.empty()) return {"unaudited", "NOT AUDITED"};
  const std::string_view words = title_of(audit.outcome.verdict, audit.outcome.after_fixing);
  switch (audit.outcome.verdict) {
    case Verdict::Rejected:
      return {"rejected", words};
    case Verdict::NeedsReview:
      return {"review", words};
    case Verdict::Inconclusive:
      return {"inconclusive", words};
    case Verdict::Approved:
      break;
  }
  return {audit.outcome.after_fixing ? "review" : "approved", words};
}

Html link(const IndexedAudit& audit, std::string_view ending, const Html& text) {
  return markup("<a href=\"{}/{}\">{}</a>", relative_uri(audit.bundle),
                name_of(BundleFile::Report, ending), text);
}

Html row_of(const IndexedAudit& audit) {
  const bool made = audit.error.empty();
  const Shown verdict = shown(audit);
  const Matter matter = matter_of(audit);
  const Html name = markup("{}", html::cut(audit.name, 200));
  Html source;
  if (audit.source)
    source = markup(
        "<span class=\"from\">{} at <code>{}</code> {}</span>", html::cut(audit.source->url, 200),
        html::cut(audit.source->commit.substr(0, 12), 12), html::cut(audit.source->path, 200));
  Html severity;
  if (matter.severity) severity = markup("{} ", html::chip(*matter.severity));
  Html grade = markup("–");
  if (made && audit.outcome.grade) grade = markup("{}", name_of(*audit.outcome.grade));
  Html seconds;
  Html links;
  if (made) {
    seconds = markup("{:.1f} s", audit.seconds);
    links = markup("{} · {} · {}", link(audit, "html", markup("HTML")),
                   link(audit, "md", markup("Markdown")), link(audit, "json", markup("JSON")));
  }
  return markup(
      "<tr><th scope=\"row\">{}{}</th><td class=\"what\"><span class=\"badge verdict-{}\">{}</span>"
      "</td><td class=\"grade-cell\"><span class=\"label\">Grade </span>{}</td>"
      "<td class=\"matter\">{}{}</td><td class=\"ran\">{}</td><td class=\"n\">{}</td>"
      "<td class=\"links\">{}</td></tr>\n",
      made ? link(audit, "html", name) : name, source, verdict.css, verdict.words, grade, severity,
      html::sentence(matter.text), coverage_text(audit), seconds, links);
}

}  // namespace

std::string render_index_html(const AuditIndex& index) {
  constexpr std::uint64_t kMostBytes = 1 << 20;
  mustache::mustache page(read_file(resource("reports/index.html.mustache"), kMostBytes));
  if (!page.is_valid())
    fail(ErrorKind::Internal, "reports/index.html.mustache: {}", page.error_message());
  page.set_custom_escape([](const std::string& text) { return html_text(text); });
  const std::string style = read_file(resource("reports/report.css"), kMostBytes) +
                            read_file(resource("reports/index.css"), kMostBytes);
  Html rows;
  for (const IndexedAudit& audit : index.audits) rows += row_of(audit);
  mustache::data view;
  view.set("style", style);
  view.set("digest", sha256_base64(style));
  view.set("title", count_of(index.audits.size(), "audit"));
  view.set("tone", index.audits.empty() ? "approved" : std::string(shown(index.audits[0]).css));
  view.set("counts", counts_of(index));
  view.set("exit_code", std::to_string(index.exit_code));
  view.set("rows", rows.text());
  view.set("version", std::string(kVersion));
  return page.render(view);
}

}  // namespace skillaudit
