#pragma once

#include "harness/evidence/scenario.h"
#include "harness/skill/yaml_source.h"

namespace skillaudit {

/// `expect:` of a scenario, its `exit` aside: what docs/skill-tests.md lists. Throws Error{Skill}
/// for unknown keys, wrong types and values that nothing could ever meet. Whether the rules of
/// `findings` exist is asked of the rubric, which this room does not know.
[[nodiscard]] ScenarioExpectations parse_expectations(const YamlSource& source,
                                                      const YAML::Node& node);

}  // namespace skillaudit
