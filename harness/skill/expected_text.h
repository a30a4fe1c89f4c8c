#pragma once

#include <string>
#include <vector>

#include "harness/evidence/scenario.h"
#include "harness/skill/yaml_source.h"

namespace skillaudit {

/// `stdout` and `stderr` of `expect:`: a text that must be in it, or a map with `contains`,
/// `equals`, `matches` and `json`. `what` names it in complaints. All throw Error{Skill}.
[[nodiscard]] ExpectedText parse_expected_text(const YamlSource& source, const YAML::Node& node,
                                               const std::string& what);

/// `files` of `expect:`: a map from paths to such texts.
[[nodiscard]] std::vector<ExpectedText> parse_expected_files(const YamlSource& source,
                                                             const YAML::Node& node);

/// `calls` of `expect:`: `none`, or a list of maps with `tool` and `contains`.
[[nodiscard]] CallsExpected parse_expected_calls(const YamlSource& source, const YAML::Node& node);

/// A value of YAML as JSON: what is quoted is text, what looks like a number, true, false or null
/// is that.
[[nodiscard]] std::string json_of(const YamlSource& source, const YAML::Node& node);

}  // namespace skillaudit
