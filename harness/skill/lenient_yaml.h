#pragma once

#include <string_view>

#include "harness/skill/yaml_source.h"

namespace skillaudit {

/// What can be read of a map that is broken YAML: each key that starts a line, with the lines up to
/// the next one. A value that is YAML by itself is kept; any other is read as the text that stands
/// there, quotation marks and signs of a block (`>-`) removed. Lines keep their numbers. Never
/// throws; an empty map where no line starts with a key.
[[nodiscard]] YAML::Node read_by_lines(const YamlSource& source, std::string_view text);

}  // namespace skillaudit
