#pragma once

#include "harness/analysis/assessment.h"
#include "harness/consent/extent.h"
#include "harness/rules/effect_class.h"
#include "harness/rules/rubric.h"

namespace skillaudit {

/// What one effect makes of the verdict, whatever else the skill does: Approved where it costs
/// points at most. `severity` is the rule's: damage is to what cannot be replaced (documents, keys,
/// sources, the system) from HIGH on, and what lasts at CRITICAL does so for root or for everybody.
[[nodiscard]] Verdict verdict_of(EffectClass effect_class, Severity severity, ConsentExtent named);

/// The same for a finding, by its rule.
[[nodiscard]] Verdict verdict_of(const Finding& finding, const RubricRule& rule);

}  // namespace skillaudit
