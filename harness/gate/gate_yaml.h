#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/analysis/assessment.h"
#include "harness/rules/rubric.h"
#include "harness/skill/yaml_source.h"

namespace skillaudit {

/// What the files of a gate have in common. All throw as harness/skill/yaml_source.h says.

/// The document, which must be a map with `schema_version: 1` and no keys but `known`.
[[nodiscard]] YAML::Node parse_gate_file(const YamlSource& source, std::string_view text,
                                         std::string_view what,
                                         const std::vector<std::string>& known);

/// The id of a rule of the rubric; an unknown one is answered with the nearest.
[[nodiscard]] std::string rule_of(const YamlSource& source, const YAML::Node& node,
                                  const Rubric& rubric);
/// A text that says something.
[[nodiscard]] std::string reason_of(const YamlSource& source, const YAML::Node& entry,
                                    std::string_view of);
/// One of `known`; `what` names it in the complaint: "`severity`".
[[nodiscard]] std::size_t choice_of(const YamlSource& source, const YAML::Node& node,
                                    std::string_view what, const std::vector<std::string>& known);
/// Complains of the entry: "FILE:LINE:COLUMN: why".
[[noreturn]] void refuse(const YamlSource& source, const YAML::Node& node, const std::string& why);

}  // namespace skillaudit
