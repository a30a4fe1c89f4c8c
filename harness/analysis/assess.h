#pragma once

#include "harness/analysis/assessment.h"
#include "harness/rules/rubric.h"

namespace skillaudit {

/// Assesses the evidence: changes, findings, five scores, grade and verdict. A pure function;
/// the same evidence and rubric always give the same value.
[[nodiscard]] Assessment assess(const Evidence& evidence, const Rubric& rubric);

/// The same for changes that are known already.
[[nodiscard]] Assessment assess_changes(const Evidence& evidence, Changes changes,
                                        const Rubric& rubric);

/// The rubric by which it was assessed. Throws Error{Internal} where it was not.
[[nodiscard]] const Rubric& rubric_of(const Assessment& assessment);

}  // namespace skillaudit
