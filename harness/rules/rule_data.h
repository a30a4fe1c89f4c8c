#pragma once

#include <vector>

#include "harness/rules/rubric.h"
#include "harness/rules/strict_yaml.h"

namespace skillaudit {

/// The rules of a file. Throws as load_rubric() does.
[[nodiscard]] std::vector<RubricRule> read_rules(const RuleFile& file);

/// One condition of `when:`. Throws as StrictYaml does.
[[nodiscard]] Condition read_condition(const StrictYaml& yaml, const YAML::Node& node);

}  // namespace skillaudit
