#include "reports/audit_index.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "harness/analysis/verdict.h"
#include "harness/base/json_text.h"
#include "harness/base/text.h"
#include "harness/evidence/bundle_files.h"
#include "reports/markdown_text.h"
#include "reports/uri.h"

namespace skillaudit {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLongestMatter = 400;

constexpr auto kGroups =
    std::to_array<std::string_view>({"REJECTED", "not audited", "INCONCLUSIVE", "NEEDS REVIEW",
                                     "APPROVED after fixing", "APPROVED"});

/// Number in kGroups.
std::size_t group_of(const IndexedAudit& audit) {
  if (!audit.error.empty()) return 1;
  switch (audit.outcome.verdict) {
    case Verdict::Rejected:
      return 0;
    case Verdict::Inconclusive:
      return 2;
    case Verdict::NeedsReview:
      return 3;
    case Verdict::Approved:
      break;
  }
  return audit.outcome.after_fixing ? 4 : 5;
}

int worst_finding(const IndexedAudit& audit) {
  return audit.outcome.findings.empty() ? -1
                                        : static_cast<int>(audit.outcome.findings.front().severity);
}

bool is_worse(const IndexedAudit& a, const IndexedAudit& b) {
  if (group_of(a) != group_of(b)) return group_of(a) < group_of(b);
  if (worst_finding(a) != worst_finding(b)) return worst_finding(a) > worst_finding(b);
  const double score_a = a.outcome.overall.value_or(-1);
  const double score_b = b.outcome.overall.value_or(-1);
  return score_a != score_b ? score_a < score_b : a.name < b.name;
}

template <typename Value>
Json or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json source_json(const std::optional<GitSource>& source) {
  if (!source) return nullptr;
  return {{"url", printable(source->url)},
          {"ref", printable(source->ref)},
          {"commit", printable(source->commit)},
          {"path", printable(source->path)}};
}

Json coverage_json(const SkillCoverage& coverage) {
  const SkillCoverage::Count units = coverage.units_run();
  return {{"ran", units.ran}, {"all", units.all}, {"percent", or_null(coverage.percent())}};
}

Json audit_json(const IndexedAudit& audit) {
  const bool made = audit.error.empty();
  const Outcome& outcome = audit.outcome;
  const Matter matter = matter_of(audit);
  return {{"name", audit.name},
          {"verdict", made ? Json(name_of(outcome.verdict)) : Json(nullptr)},
          {"after_fixing", made ? Json(outcome.after_fixing) : Json(nullptr)},
          {"grade", made && outcome.grade ? Json(name_of(*outcome.grade)) : Json(nullptr)},
          {"overall", made ? or_null(outcome.overall) : Json(nullptr)},
          {"matter",
           {{"severity", matter.severity ? Json(name_of(*matter.severity)) : Json(nullptr)},
            {"text", matter.text}}},
          {"findings", made ? Json(outcome.findings.size()) : Json(nullptr)},
          {"coverage", made ? coverage_json(audit.coverage) : Json(nullptr)},
          {"seconds", made ? Json(audit.seconds) : Json(nullptr)},
          {"exit_code", audit.exit_code},
          {"error", made ? Json(nullptr) : Json(audit.error)},
          {"bundle", made ? Json(printable(audit.bundle)) : Json(nullptr)},
          {"source", source_json(audit.source)}};
}

std::string markdown_row(const IndexedAudit& audit) {
  const bool made = audit.error.empty();
  const Outcome& outcome = audit.outcome;
  const Matter matter = matter_of(audit);
  std::string row =
      fmt::format("| {} | {} | {} | ", markdown_prose(audit.name), kGroups[group_of(audit)],
                  made && outcome.grade ? name_of(*outcome.grade) : "–");
  if (matter.severity) row += fmt::format("**{}** ", name_of(*matter.severity));
  row += markdown_sentence(matter.text) + " | ";
  if (!made) return row + " | | |\n";
  std::string links;
  for (const std::string_view ending : {"html", "md", "json"})
    links += fmt::format("{}[{}]({}/{})", links.empty() ? "" : " ", ending,
                         relative_uri(audit.bundle), name_of(BundleFile::Report, ending));
  return row + fmt::format("{} | {:.1f} | {} |\n", coverage_text(audit), audit.seconds, links);
}

}  // namespace

AuditIndex make_index(std::vector<IndexedAudit> audits, int exit_code) {
  std::stable_sort(audits.begin(), audits.end(), is_worse);
  return {std::move(audits), exit_code};
}

Matter matter_of(const IndexedAudit& audit) {
  if (!audit.error.empty()) return {{}, shorten(printable(audit.error), kLongestMatter)};
  if (!audit.outcome.findings.empty()) {
    const OutcomeFinding& worst = audit.outcome.findings.front();
    return {worst.severity, shorten(worst.title, kLongestMatter)};
  }
  const bool says_why = audit.outcome.verdict != Verdict::Approved && !audit.reason.empty();
  return {{}, says_why ? shorten(audit.reason, kLongestMatter) : "No findings"};
}

std::string counts_of(const AuditIndex& index) {
  std::array<std::size_t, kGroups.size()> counts{};
  for (const IndexedAudit& audit : index.audits) ++counts[group_of(audit)];
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < counts.size(); ++i)
    if (counts[i] > 0) parts.push_back(fmt::format("{} {}", counts[i], kGroups[i]));
  return join(parts, ", ");
}

std::string coverage_text(const IndexedAudit& audit) {
  const SkillCoverage::Count units = audit.coverage.units_run();
  if (units.all == 0) return {};
  std::string text =
      fmt::format("{} of {}", units.ran, count_of(static_cast<std::size_t>(units.all), "part"));
  if (const auto percent = audit.coverage.percent())
    text += fmt::format(", {} % of lines", *percent);
  return text;
}

std::string render_index_markdown(const AuditIndex& index) {
  std::string page = fmt::format(
      "# {}\n\n{}. Exit code {}.\n\n| Audit | Verdict | Grade | What matters most | Ran | Seconds "
      "| "
      "Report |\n|---|---|---|---|---|--:|---|\n",
      count_of(index.audits.size(), "audit"), counts_of(index), index.exit_code);
  for (const IndexedAudit& audit : index.audits) page += markdown_row(audit);
  return page;
}

std::string render_index_json(const AuditIndex& index) {
  Json audits = Json::array();
  for (const IndexedAudit& audit : index.audits) audits.push_back(audit_json(audit));
  return json_text(Json{{"schema_version", 1},
                        {"exit_code", index.exit_code},
                        {"audits", std::move(audits)}},
                   2) +
         "\n";
}

}  // namespace skillaudit
