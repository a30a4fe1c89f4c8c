#include "reports/gate_report.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "harness/base/json_text.h"
#include "harness/base/text.h"
#include "reports/facts.h"
#include "reports/grade_words.h"
#include "reports/markdown_text.h"

namespace skillaudit {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostItems = 200;

template <typename Value>
Json or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json grade_json(const std::optional<Grade>& grade) {
  return grade ? Json(name_of(*grade)) : Json(nullptr);
}

Json scores_json(const Outcome& outcome) {
  Json scores = Json::object();
  for (const Axis axis : kAxes)
    scores[std::string(name_of(axis))] = or_null(outcome.scores[static_cast<std::size_t>(axis)]);
  return scores;
}

Json release_json(const Release& release) {
  return {{"sha256", release.sha256},
          {"started_at", release.started_at},
          {"verdict", name_of(release.outcome.verdict)},
          {"grade", grade_json(release.outcome.grade)},
          {"overall", or_null(release.outcome.overall)}};
}

Json items_json(const std::vector<ReleaseDiff::Item>& items) {
  Json list = Json::array();
  for (const ReleaseDiff::Item& item : items)
    list.push_back({{"kind", item.kind}, {"name", item.name}});
  return list;
}

Json diff_json(const ReleaseDiff& diff) {
  Json scores = Json::array();
  for (const ReleaseDiff::Score& score : diff.scores)
    scores.push_back(
        {{"axis", score.axis}, {"before", or_null(score.before)}, {"after", or_null(score.after)}});
  return {{"before", release_json(diff.before)},
          {"after", release_json(diff.after)},
          {"added", items_json(diff.added)},
          {"gone", items_json(diff.gone)},
          {"scores", std::move(scores)}};
}

Json added_rules_json(const std::vector<AddedRules>& added) {
  Json files = Json::array();
  for (const AddedRules& each : added)
    files.push_back({{"file", each.file}, {"sha256", each.sha256}, {"rules", each.rules}});
  return files;
}

Json audit_json(const GateResult& result) {
  Json findings = Json::array();
  for (std::size_t i = 0; i < result.findings.size(); ++i) {
    const GateFinding& finding = result.findings[i];
    findings.push_back({{"rule", finding.rule},
                        {"title", finding.title},
                        {"standing", name_of(finding.standing)},
                        {"severity", name_of(finding.severity)},
                        {"reason", finding.reason},
                        {"until", finding.until},
                        {"is_new", finding.is_new}});
  }
  return {{"skill", result.skill},
          {"passed", result.passed},
          {"exit_code", result.exit_code},
          {"verdict", name_of(result.in_force.verdict)},
          {"grade", grade_json(result.in_force.grade)},
          {"overall", or_null(result.in_force.overall)},
          {"scores", scores_json(result.in_force)},
          {"failures", result.failures},
          {"reasons", result.reasons},
          {"notes", result.notes},
          {"added_rules", added_rules_json(result.added)},
          {"findings", std::move(findings)},
          {"since", result.since ? diff_json(*result.since) : Json(nullptr)}};
}

std::string dumped(const Json& json) { return json_text(json, 2) + "\n"; }

/// "APPROVED, grade A (100)".
std::string outcome_text(const Outcome& outcome) {
  std::string text = verdict_words(outcome);
  if (const std::string grade = grade_in_words(outcome); !grade.empty()) text += ", " + grade;
  return text;
}

std::string standing_text(const GateFinding& finding) {
  switch (finding.standing) {
    case Standing::Accepted:
      return fmt::format("accepted until {}", finding.until);
    case Standing::Off:
      return "disabled by the policy";
    case Standing::Allowed:
      return "host allowed by the policy";
    case Standing::Counts:
      break;
  }
  return {};
}

/// One line for each item that is in one release alone, and for each score that changed.
template <typename Line, typename Score>
std::string changes_text(const ReleaseDiff& diff, Line line, Score score) {
  std::string text;
  std::size_t shown = 0;
  const auto put = [&](char sign, const std::vector<ReleaseDiff::Item>& items) {
    for (const ReleaseDiff::Item& item : items)
      if (++shown <= kMostItems) text += line(sign, item);
  };
  put('+', diff.added);
  put('-', diff.gone);
  for (const ReleaseDiff::Score& each : diff.scores) text += score(each);
  if (shown > kMostItems) text += line('+', {"", fmt::format("{} more", shown - kMostItems)});
  return text;
}

}  // namespace

std::string render_gate_text(const GateResult& result) {
  std::string text = fmt::format("{}: {}: {}\n", shorten(result.skill, 80),
                                 result.passed ? "passes the gate" : "DOES NOT PASS the gate",
                                 outcome_text(result.in_force));
  if (const std::string added = added_rules(result.added); !added.empty())
    text += "  " + added + "\n";
  for (const std::string& failure : result.failures) text += "  " + failure + "\n";
  if (!result.passed)
    for (const std::string& reason : result.reasons) text += "    " + reason + "\n";
  for (const GateFinding& finding : result.findings) {
    const std::string standing = standing_text(finding);
    if (standing.empty()) continue;
    text += fmt::format("  {}: {}: {}{}\n", standing, finding.rule, finding.title,
                        finding.reason.empty() ? "" : " — " + finding.reason);
  }
  for (const std::string& note : result.notes) text += "  note: " + note + "\n";
  return text;
}

std::string render_gate_json(const std::vector<GateResult>& results,
                             const std::vector<std::string>& stale_acceptances) {
  bool passed = true;
  Json audits = Json::array();
  for (const GateResult& result : results) {
    passed = passed && result.passed;
    audits.push_back(audit_json(result));
  }
  return dumped({{"schema_version", 1},
                 {"passed", passed},
                 {"stale_acceptances", stale_acceptances},
                 {"audits", std::move(audits)}});
}

std::string render_release_diff_text(const ReleaseDiff& diff) {
  std::string text =
      fmt::format("{}\n  before: {}, audited {}\n  after:  {}, audited {}\n",
                  shorten(diff.after.skill, 80), outcome_text(diff.before.outcome),
                  diff.before.started_at, outcome_text(diff.after.outcome), diff.after.started_at);
  if (diff.before.sha256 == diff.after.sha256) text += "  the skill's files are the same\n";
  if (diff.empty()) return text + "  nothing was added or removed\n";
  return text + changes_text(
                    diff,
                    [](char sign, const ReleaseDiff::Item& item) {
                      return fmt::format("{} {:<11} {}\n", sign, item.kind, item.name);
                    },
                    [](const ReleaseDiff::Score& score) {
                      return fmt::format("{} {:<11} {} {} → {}\n", score.fell() ? '-' : '+',
                                         "scores", score.axis, score_text(score.before),
                                         score_text(score.after));
                    });
}

std::string render_release_diff_markdown(const ReleaseDiff& diff) {
  std::string text = fmt::format("## {}: what changed since the last release\n\n",
                                 markdown_prose(shorten(diff.after.skill, 80)));
  text += "| | before | after |\n|---|---|---|\n";
  text += fmt::format("| audited | {} | {} |\n", markdown_prose(diff.before.started_at),
                      markdown_prose(diff.after.started_at));
  text += fmt::format("| verdict | {} | {} |\n", outcome_text(diff.before.outcome),
                      outcome_text(diff.after.outcome));
  for (const ReleaseDiff::Score& score : diff.scores)
    text += fmt::format("| {} | {} | {} |\n", score.axis, score_text(score.before),
                        score_text(score.after));
  if (diff.added.empty() && diff.gone.empty()) return text + "\nNothing was added or removed.\n";
  text += "\n";
  return text + changes_text(
                    diff,
                    [](char sign, const ReleaseDiff::Item& item) {
                      return fmt::format("- {} {}: {}\n", sign == '+' ? "**new**" : "gone",
                                         item.kind, markdown_code(item.name));
                    },
                    [](const ReleaseDiff::Score&) { return std::string(); });
}

std::string render_release_diff_json(const ReleaseDiff& diff) { return dumped(diff_json(diff)); }

}  // namespace skillaudit
