#include "harness/analysis/outcome.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "harness/changes/drawn_words.h"

namespace skillaudit {
namespace {

/// What two findings must share besides their titles.
std::string kind_of(const OutcomeFinding& finding) {
  std::string key =
      fmt::format("{}\n{}\n{}", finding.rule, name_of(finding.axis), name_of(finding.severity));
  for (const Source& source : finding.sources) key += "\n" + text_of(source);
  return key;
}

/// Facts of which each outcome has one: "grade B".
std::vector<std::string> facts(const Outcome& outcome) {
  std::vector<std::string> lines = {
      "verdict " + verdict_words(outcome),
      fmt::format("grade {}", outcome.grade ? name_of(*outcome.grade) : "none"),
      fmt::format("overall {}",
                  outcome.overall ? fmt::format("{:.1f}", *outcome.overall) : "not assessed")};
  for (const Axis axis : kAxes)
    lines.push_back(fmt::format("{} {}", name_of(axis),
                                score_text(outcome.scores[static_cast<std::size_t>(axis)])));
  return lines;
}

}  // namespace

std::string verdict_words(const Outcome& outcome) {
  return fmt::format("{}{}", name_of(outcome.verdict), outcome.after_fixing ? " after fixing" : "");
}

std::string score_text(const std::optional<double>& score) {
  return score ? fmt::format("{:g}", *score) : "not assessed";
}

Outcome outcome_of(const Assessment& assessment) {
  Outcome outcome{.verdict = assessment.verdict,
                  .after_fixing = assessment.after_fixing,
                  .grade = assessment.grade,
                  .overall = assessment.overall,
                  .scores = assessment.scores};
  for (const Finding& finding : assessment.findings) {
    OutcomeFinding same{.rule = finding.rule,
                        .axis = finding.axis,
                        .severity = finding.severity,
                        .title = finding.title,
                        .subjects = finding.subjects,
                        .unnamed = finding.unnamed};
    for (const Citation& citation : finding.evidence)
      same.sources.push_back(file_of(citation.source));
    std::sort(same.sources.begin(), same.sources.end());
    same.sources.erase(std::unique(same.sources.begin(), same.sources.end()), same.sources.end());
    outcome.findings.push_back(std::move(same));
  }
  return outcome;
}

std::vector<std::optional<std::size_t>> pair_findings(const std::vector<OutcomeFinding>& first,
                                                      const std::vector<OutcomeFinding>& other) {
  std::vector<std::optional<std::size_t>> pairs(first.size());
  std::vector<bool> taken(other.size());
  for (const bool word_for_word : {true, false}) {
    const auto key = [&](const OutcomeFinding& finding) {
      return kind_of(finding) + "\n" +
             (word_for_word ? finding.title : without_drawn_words(finding.title));
    };
    std::multimap<std::string, std::size_t> free;
    for (std::size_t i = 0; i < other.size(); ++i)
      if (!taken[i]) free.emplace(key(other[i]), i);
    for (std::size_t i = 0; i < first.size(); ++i) {
      if (pairs[i]) continue;
      const auto found = free.find(key(first[i]));
      if (found == free.end()) continue;
      pairs[i] = found->second;
      taken[found->second] = true;
      free.erase(found);
    }
  }
  return pairs;
}

std::string one_line(const OutcomeFinding& finding) {
  return fmt::format("{:<8} {:<13} {}: {}", name_of(finding.severity), name_of(finding.axis),
                     finding.rule, finding.title);
}

std::vector<std::string> differences(const Outcome& first, const Outcome& other) {
  std::vector<std::string> lines;
  const std::vector<std::string> before = facts(first);
  const std::vector<std::string> after = facts(other);
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i] == after[i]) continue;
    lines.push_back("-" + before[i]);
    lines.push_back("+" + after[i]);
  }
  const auto pairs = pair_findings(first.findings, other.findings);
  std::vector<bool> paired(other.findings.size());
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (pairs[i])
      paired[*pairs[i]] = true;
    else
      lines.push_back("-" + one_line(first.findings[i]));
  }
  for (std::size_t i = 0; i < paired.size(); ++i)
    if (!paired[i]) lines.push_back("+" + one_line(other.findings[i]));
  return lines;
}

}  // namespace skillaudit
