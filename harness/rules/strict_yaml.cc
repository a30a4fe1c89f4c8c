#include "harness/rules/strict_yaml.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "harness/base/error.h"

namespace skillaudit {

YAML::Node StrictYaml::parse(std::string_view text) const {
  try {
    return YAML::Load(std::string(text));
  } catch (const YAML::ParserException& error) {
    fail(ErrorKind::Usage, "{}:{}:{}: {}", file_, error.mark.line + 1, error.mark.column + 1,
         error.msg);
  }
}

std::string StrictYaml::place_of(const YAML::Node& node) const {
  const YAML::Mark mark = node.Mark();
  // A file without anything in it has no mark.
  return mark.is_null() ? file_ + ":1:1"
                        : fmt::format("{}:{}:{}", file_, mark.line + 1, mark.column + 1);
}

void StrictYaml::refuse(const YAML::Node& node, const std::string& why) const {
  fail(ErrorKind::Usage, "{}: {}", place_of(node), why);
}

void StrictYaml::require_keys(const YAML::Node& node,
                              std::initializer_list<std::string_view> required,
                              std::initializer_list<std::string_view> optional) const {
  if (!node.IsMap()) refuse(node, "expected a map of keys and values");
  std::set<std::string> seen;
  std::vector<std::string> known(required.begin(), required.end());
  known.insert(known.end(), optional.begin(), optional.end());
  for (const auto& entry : node) {
    const std::string key = text(entry.first);
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      const std::string near = nearest(key, known);
      refuse(entry.first, fmt::format("unknown key \"{}\"{}", printable(key),
                                      near.empty() ? "" : ", did you mean \"" + near + "\"?"));
    }
    if (!seen.insert(key).second) refuse(entry.first, "\"" + key + "\" is there twice");
  }
  for (const std::string_view key : required) {
    if (!seen.contains(std::string(key))) refuse(node, fmt::format("\"{}\" is missing", key));
  }
}

std::string StrictYaml::text(const YAML::Node& node) const {
  if (!node.IsScalar()) refuse(node, "expected one value");
  return node.Scalar();
}

std::string StrictYaml::sentence(const YAML::Node& node) const {
  std::string given = text(node);
  if (trim(given).empty()) refuse(node, "expected a text that says something");
  return given;
}

std::vector<YAML::Node> StrictYaml::one_or_more(const YAML::Node& node) const {
  if (node.IsScalar()) return {node};
  if (!node.IsSequence() || node.size() == 0) refuse(node, "expected one value or a list of them");
  return {node.begin(), node.end()};
}

double StrictYaml::number(const YAML::Node& node, double least, double most) const {
  double value = 0;
  if (!node.IsScalar() || !YAML::convert<double>::decode(node, value) || !std::isfinite(value)) {
    refuse(node, "expected a number");
  }
  if (value < least || value > most) {
    refuse(node, fmt::format("{} is not between {} and {}", value, least, most));
  }
  return value;
}

bool StrictYaml::truth(const YAML::Node& node) const {
  bool value = false;
  if (!node.IsScalar() || !YAML::convert<bool>::decode(node, value)) {
    refuse(node, "expected true or false");
  }
  return value;
}

std::size_t StrictYaml::index_in(const YAML::Node& node,
                                 const std::vector<std::string_view>& names) const {
  const std::string given = text(node);
  const auto found = std::find(names.begin(), names.end(), given);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  const std::vector<std::string> known(names.begin(), names.end());
  const std::string near = nearest(given, known);
  refuse(node, near.empty()
                   ? fmt::format("\"{}\" is none of {}", printable(given), join(known, ", "))
                   : fmt::format("\"{}\" is none of {}: did you mean \"{}\"?", printable(given),
                                 join(known, ", "), near));
}

}  // namespace skillaudit
