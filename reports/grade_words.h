#pragma once

#include <string>
#include <string_view>

#include "harness/analysis/outcome.h"

namespace skillaudit {

/// "grade B (89.2)"; the letter alone where the verdict is not APPROVED, since a number beside it
/// would read like praise. Empty where there is no grade, and for INCONCLUSIVE: that is no mark.
[[nodiscard]] std::string grade_in_words(const Outcome& outcome);
[[nodiscard]] std::string grade_in_words(const Assessment& assessment);

/// Whether the overall score stands beside the verdict.
[[nodiscard]] bool shows_overall(Verdict verdict);

/// What the scores mean beside this verdict: one or two sentences.
[[nodiscard]] std::string_view meaning_of_scores(Verdict verdict);

}  // namespace skillaudit
