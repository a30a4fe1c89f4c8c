#include "reports/formats.h"

#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/evidence/bundle_files.h"
#include "reports/render.h"

namespace skillaudit {
namespace {

std::string markdown(const Evidence& evidence, const Assessment& assessment, const GateResult*,
                     const CiPlace&) {
  return render_markdown(evidence, assessment);
}

std::string html(const Evidence& evidence, const Assessment& assessment, const GateResult*,
                 const CiPlace&) {
  return render_html(evidence, assessment);
}

std::string json(const Evidence& evidence, const Assessment& assessment, const GateResult*,
                 const CiPlace&) {
  return render_json(evidence, assessment);
}

std::string line(const Evidence& evidence, const Assessment& assessment, const GateResult*,
                 const CiPlace&) {
  return one_line(evidence, assessment) + "\n";
}

}  // namespace

const std::vector<Format>& formats() {
  static const std::vector<Format> all = {
      {"markdown", "text/markdown", name_of(BundleFile::Report, "md"), false, markdown},
      {"html", "text/html", name_of(BundleFile::Report, "html"), false, html},
      {"json", "application/json", name_of(BundleFile::Report, "json"), false, json},
      {"one-line", "text/plain", "one-line.txt", false, line},
      {"junit", "application/xml", "junit.xml", true, render_junit},
      {"sarif", "application/sarif+json", "skillaudit.sarif", true, render_sarif},
      {"github-summary", "text/markdown", "github-summary.md", true, render_github_summary},
      {"github-annotations", "text/plain", "github-annotations.txt", true,
       render_github_annotations},
  };
  return all;
}

const Format& format_named(std::string_view name) {
  std::vector<std::string> names;
  for (const Format& format : formats()) {
    if (format.name == name) return format;
    names.emplace_back(format.name);
  }
  const std::string near = nearest(name, names);
  fail(ErrorKind::Usage, "unknown format {}{}: use one of {}", printable(name),
       near.empty() ? "" : fmt::format(" (did you mean {}?)", near), join(names, ", "));
}

}  // namespace skillaudit
