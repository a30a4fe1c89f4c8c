#pragma once

#include <yaml-cpp/yaml.h>

#include <string>
#include <string_view>
#include <vector>

#include "harness/base/error.h"

namespace skillaudit {

/// A YAML text together with the place it came from, so that every complaint can say
/// "FILE:LINE:COLUMN: problem: fix". All functions throw Error{source.blame}.
struct YamlSource {
  std::string file;                    ///< as shown to the user
  int first_line = 1;                  ///< the line of the file on which the YAML text starts
  ErrorKind blame = ErrorKind::Skill;  ///< whose text it is
};

/// The one document in `text`; an undefined or null node when it holds none. Refuses broken YAML,
/// several documents and duplicate keys in the top-level map.
[[nodiscard]] YAML::Node parse_yaml(const YamlSource& source, std::string_view text);

/// "FILE:LINE:COLUMN", both counted from 1.
[[nodiscard]] std::string position(const YamlSource& source, const YAML::Mark& mark);

/// The line of the file on which a node starts, or a key of a map; from 1.
[[nodiscard]] int line_of(const YamlSource& source, const YAML::Node& node);
[[nodiscard]] int line_of(const YamlSource& source, const YAML::Node& map, std::string_view key);

/// What a node is, in words: "a list", "a map", "text", "nothing".
[[nodiscard]] std::string kind_of(const YAML::Node& node);

/// The node as text. `what` names it in the complaint: "`name`".
[[nodiscard]] std::string text_of(const YamlSource& source, const YAML::Node& node,
                                  std::string_view what);

/// The items of a list, none of them blank. `what` names the list.
[[nodiscard]] std::vector<std::string> texts_of(const YamlSource& source, const YAML::Node& node,
                                                const std::string& what);

/// "true" or "false".
[[nodiscard]] bool truth_of(const YamlSource& source, const YAML::Node& node,
                            const std::string& what);

/// A duration in seconds, above zero and at most a day: "30s", "2m", or a number of seconds.
[[nodiscard]] double seconds_of(const YamlSource& source, const YAML::Node& node,
                                const std::string& what);

/// The keys of a map. Refuses a node that is no map, keys that are no text, and keys that occur
/// twice (YAML 1.2, 3.2.1.1: keys are unique).
[[nodiscard]] std::vector<std::string> keys_of(const YamlSource& source, const YAML::Node& node,
                                               std::string_view what);

/// Refuses a map that has a key other than `known`, and names the nearest known one.
void expect_keys(const YamlSource& source, const YAML::Node& node, std::string_view what,
                 const std::vector<std::string>& known);

}  // namespace skillaudit
