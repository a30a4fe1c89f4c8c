#include "reports/comparison.h"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/base/json_text.h"
#include "harness/base/text.h"
#include "harness/evidence/bundle_files.h"
#include "reports/grade_words.h"
#include "reports/markdown_text.h"

namespace skillaudit {
namespace {

using Json = nlohmann::ordered_json;

std::size_t audited(const Comparison& comparison) {
  return static_cast<std::size_t>(
      std::count_if(comparison.systems.begin(), comparison.systems.end(),
                    [](const SystemOutcome& each) { return each.error.empty(); }));
}

template <typename Value>
Json or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

std::string row_of(const SystemOutcome& each) {
  const std::string name =
      each.system.empty() ? each.os : fmt::format("{} ({})", each.os, each.system);
  std::string row = fmt::format("| {} ", markdown_prose(printable(name)));
  if (!each.error.empty())
    return row +
           fmt::format("| no audit: {} | | | | | | | | |\n", markdown_prose(printable(each.error)));
  const Outcome& outcome = each.outcome;
  row += fmt::format("| {} | {} | {} ", markdown_prose(verdict_words(outcome)),
                     outcome.grade ? name_of(*outcome.grade) : "–",
                     outcome.overall && shows_overall(outcome.verdict)
                         ? fmt::format("{:.1f}", *outcome.overall)
                         : "–");
  for (const auto& score : outcome.scores)
    row += fmt::format("| {} ", score ? fmt::format("{:g}", *score) : "–");
  return row + fmt::format("| [report]({}/{}) |\n", each.bundle, name_of(BundleFile::Report, "md"));
}

/// A list of the findings that `wanted` picks, or "None."
template <typename Wanted>
std::string finding_list(const Comparison& comparison, Wanted wanted) {
  std::string text;
  for (const ComparedFinding& each : comparison.findings)
    if (wanted(each))
      text += fmt::format("- **{}** ({}, {}): {}\n", name_of(each.finding.severity),
                          name_of(each.finding.axis), markdown_code(each.finding.rule),
                          markdown_sentence(each.finding.title));
  return text.empty() ? "None.\n" : text;
}

/// "debian-12 and debian-13".
std::string names_of(const Comparison& comparison, const std::vector<std::size_t>& on) {
  std::vector<std::string> names;
  for (const std::size_t number : on) names.push_back(comparison.systems[number].os);
  return join(names, " and ");
}

}  // namespace

Comparison compare_systems(std::string skill, std::vector<SystemOutcome> systems) {
  Comparison comparison{.skill = std::move(skill), .systems = std::move(systems)};
  for (std::size_t number = 0; number < comparison.systems.size(); ++number) {
    if (!comparison.systems[number].error.empty()) continue;
    const std::vector<OutcomeFinding>& own = comparison.systems[number].outcome.findings;
    std::vector<OutcomeFinding> known;
    for (const ComparedFinding& each : comparison.findings) known.push_back(each.finding);
    const auto pairs = pair_findings(own, known);
    for (std::size_t i = 0; i < own.size(); ++i) {
      if (pairs[i])
        comparison.findings[*pairs[i]].on.push_back(number);
      else
        comparison.findings.push_back({own[i], {number}});
    }
  }
  comparison.same = audited(comparison) == comparison.systems.size();
  for (const SystemOutcome& each : comparison.systems)
    comparison.same =
        comparison.same && differences(comparison.systems[0].outcome, each.outcome).empty();
  return comparison;
}

bool is_shared(const Comparison& comparison, const ComparedFinding& finding) {
  return finding.on.size() == audited(comparison);
}

std::string render_comparison_markdown(const Comparison& comparison) {
  std::string page = fmt::format(
      "# {} on {}\n\n{}\n\n| System | Verdict | Grade | Overall ",
      markdown_prose(printable(comparison.skill)), count_of(comparison.systems.size(), "system"),
      comparison.same ? "The audits have the same result on all systems."
                      : "The audits have different results on different systems.");
  for (const Axis axis : kAxes) page += fmt::format("| {} ", name_of(axis));
  page += "| |\n|---|---|---|---|---|---|---|---|---|---|\n";
  for (const SystemOutcome& each : comparison.systems) page += row_of(each);

  page += "\n## Findings on all systems\n\n" +
          finding_list(comparison,
                       [&](const ComparedFinding& each) { return is_shared(comparison, each); });
  std::vector<std::vector<std::size_t>> groups;
  for (const ComparedFinding& each : comparison.findings)
    if (!is_shared(comparison, each) &&
        std::find(groups.begin(), groups.end(), each.on) == groups.end())
      groups.push_back(each.on);
  std::sort(groups.begin(), groups.end());
  for (const auto& group : groups)
    page += fmt::format("\n## Findings only on {}\n\n",
                        markdown_prose(printable(names_of(comparison, group)))) +
            finding_list(comparison, [&](const ComparedFinding& each) { return each.on == group; });
  return page;
}

std::string render_comparison_json(const Comparison& comparison) {
  Json json = {{"schema_version", 1},
               {"skill", printable(comparison.skill)},
               {"same", comparison.same},
               {"systems", Json::array()},
               {"findings", Json::array()}};
  for (const SystemOutcome& each : comparison.systems) {
    const bool made = each.error.empty();
    const Outcome& outcome = each.outcome;
    Json scores = Json::object();
    for (const Axis axis : kAxes)
      scores[std::string(name_of(axis))] = or_null(outcome.scores[static_cast<std::size_t>(axis)]);
    Json system = {{"os", printable(each.os)},
                   {"system", made ? Json(printable(each.system)) : Json(nullptr)},
                   {"bundle", made ? Json(printable(each.bundle)) : Json(nullptr)},
                   {"error", made ? Json(nullptr) : Json(printable(each.error))},
                   {"verdict", made ? Json(name_of(outcome.verdict)) : Json(nullptr)},
                   {"after_fixing", made ? Json(outcome.after_fixing) : Json(nullptr)},
                   {"grade", outcome.grade ? Json(name_of(*outcome.grade)) : Json(nullptr)},
                   {"overall", or_null(outcome.overall)},
                   {"scores", made ? scores : Json(nullptr)}};
    json["systems"].push_back(std::move(system));
  }
  for (const ComparedFinding& each : comparison.findings) {
    Json on = Json::array();
    for (const std::size_t number : each.on) on.push_back(printable(comparison.systems[number].os));
    json["findings"].push_back({{"rule", each.finding.rule},
                                {"axis", name_of(each.finding.axis)},
                                {"severity", name_of(each.finding.severity)},
                                {"title", each.finding.title},
                                {"on", std::move(on)}});
  }
  return json_text(json, 2) + "\n";
}

}  // namespace skillaudit
