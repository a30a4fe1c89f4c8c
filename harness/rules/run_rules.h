#pragma once

#include <vector>

#include "harness/rules/rules.h"

namespace skillaudit {

/// Asks every rule of `input.rubric`: the conditions of those that are data, and the code of the
/// others. `input.rights` is set by this. The drafts hold on to the rubric.
[[nodiscard]] Drafts run_rules(RuleInput input);

}  // namespace skillaudit
