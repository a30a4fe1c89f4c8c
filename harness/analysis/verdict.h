#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "harness/analysis/assessment.h"
#include "harness/rules/rubric.h"

namespace skillaudit {

/// Grade for an overall score, before caps.
[[nodiscard]] Grade grade_for(double overall, const Rubric& rubric);

/// The verdict as a person reads it: "NEEDS REVIEW", "APPROVED after fixing".
[[nodiscard]] std::string_view title_of(Verdict verdict, bool after_fixing);

/// Exit code of `skillaudit run` and `report` for one skill, as frozen by the grading rules:
/// 0 APPROVED and at or above what is asked, 1 NEEDS_REVIEW or below it, 2 REJECTED, 3
/// INCONCLUSIVE.
struct AskedResult {
  std::optional<Grade> grade = {};      ///< the lowest
  std::optional<double> coverage = {};  ///< percent of the lines (covers() in coverage.h)
};
[[nodiscard]] int exit_code(const Assessment& assessment, const AskedResult& asked);

/// Exit code of several skills in one call: the worst of 2 > 3 > 1 > 0. An error (64 and above) is
/// worse than any verdict, and a higher one worse than a lower one. 0 for none.
[[nodiscard]] int worst_exit_code(const std::vector<int>& codes);

}  // namespace skillaudit
