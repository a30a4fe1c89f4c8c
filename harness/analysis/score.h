#pragma once

#include "harness/analysis/assessment.h"
#include "harness/rules/rubric.h"

namespace skillaudit {

/// Sets recommendations, scores, overall, grade, verdict, after_fixing and reasons of `assessment`
/// from its findings, with the points and severities that they have. What the evidence lacks makes
/// the verdict INCONCLUSIVE, regardless of who selected the findings.
void judge(Assessment& assessment, const Evidence& evidence, const Rubric& rubric);

}  // namespace skillaudit
