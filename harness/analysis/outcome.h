#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/analysis/assessment.h"

namespace skillaudit {

/// The parts of a finding that can be recognized in another audit of the same skill.
struct OutcomeFinding {
  std::string rule;
  Axis axis = Axis::Execution;
  Severity severity = Severity::Low;
  std::string title;
  std::vector<Source> sources;        ///< of its evidence, as whole files: "flows.jsonl"; sorted
  std::vector<std::string> subjects;  ///< as in Finding
  std::size_t unnamed = 0;            ///< as in Finding
  bool operator==(const OutcomeFinding&) const = default;
};

/// What an audit came to, without what the next one may have otherwise by nature: times, ids,
/// numbers of flows. Small, where an Assessment holds every changed file.
struct Outcome {
  Verdict verdict = Verdict::Inconclusive;
  bool after_fixing = false;
  std::optional<Grade> grade;
  std::optional<double> overall;
  std::array<std::optional<double>, 5> scores;  ///< by Axis
  std::vector<OutcomeFinding> findings;         ///< as in Assessment
};
[[nodiscard]] Outcome outcome_of(const Assessment& assessment);

/// "APPROVED after fixing", "NEEDS_REVIEW".
[[nodiscard]] std::string verdict_words(const Outcome& outcome);
/// "85", "not assessed".
[[nodiscard]] std::string score_text(const std::optional<double>& score);

/// Pairs equal findings: for each of `first` the number of its equal in `other`, or none. Equal is
/// what is the same word for word; of the rest, what is the same except for random words.
[[nodiscard]] std::vector<std::optional<std::size_t>> pair_findings(
    const std::vector<OutcomeFinding>& first, const std::vector<OutcomeFinding>& other);

/// "HIGH     security  system.service: The skill installs …".
[[nodiscard]] std::string one_line(const OutcomeFinding& finding);

/// What differs, as the lines of a unified diff without its header ("-verdict APPROVED",
/// "+verdict REJECTED"). Empty when the two agree.
[[nodiscard]] std::vector<std::string> differences(const Outcome& first, const Outcome& other);

}  // namespace skillaudit
