#pragma once

#include "harness/evidence/scenario.h"
#include "harness/skill/yaml_source.h"

namespace skillaudit {

/// `expect:` of a scenario, except `exit`: what docs/skill-tests.md lists. Throws Error{Skill}
/// for unknown keys, wrong types and impossible values. Whether the rules of
/// `findings` exist is not checked here: this room does not know the rules.
[[nodiscard]] ScenarioExpectations parse_expectations(const YamlSource& source,
                                                      const YAML::Node& node);

}  // namespace skillaudit
