#pragma once

#include "harness/rules/rubric.h"

namespace skillaudit {

/// Reads a file of rules into `rubric`. `seen` says which rules are there already.
/// Throws as load_rubric() does.
void read_rules(const RuleFile& file, Rubric& rubric, std::array<bool, kRuleCount>& seen);

}  // namespace skillaudit
