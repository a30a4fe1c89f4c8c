#pragma once

#include <vector>

#include "harness/evidence/scenario.h"
#include "harness/skill/yaml_source.h"

namespace skillaudit {

/// `parameters:` of a scenario: NAME: [values]. One scenario for each combination of values, in
/// which `{NAME}` is replaced in command, arguments, stdin, environment, working directory, files
/// and prompts; its name has the values added: "takes a note (milk, 2)". The scenario itself where
/// it has no parameters. The text is replaced before the shell reads the command. Throws
/// Error{Skill} for a parameter that nothing uses, and for more than kMostCombinations.
[[nodiscard]] std::vector<Scenario> with_parameters(const YamlSource& source,
                                                    const YAML::Node& scenario_node,
                                                    Scenario scenario);

inline constexpr std::size_t kMostCombinations = 100;

}  // namespace skillaudit
