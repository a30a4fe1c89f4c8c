#include "harness/gate/gate_yaml.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"

namespace skillaudit {

void refuse(const YamlSource& source, const YAML::Node& node, const std::string& why) {
  throw Error(source.blame, position(source, node.Mark()) + ": " + why);
}

YAML::Node parse_gate_file(const YamlSource& source, std::string_view text, std::string_view what,
                           const std::vector<std::string>& known) {
  YAML::Node root = parse_yaml(source, text);
  if (!root || root.IsNull())
    throw Error(
        source.blame,
        fmt::format("{}:1:1: the file is empty: start with `schema_version: 1`", source.file));
  std::vector<std::string> keys = known;
  keys.insert(keys.begin(), "schema_version");
  expect_keys(source, root, what, keys);
  const YAML::Node version = root["schema_version"];
  if (!version) refuse(source, root, "`schema_version` is missing: start with `schema_version: 1`");
  if (text_of(source, version, "`schema_version`") != "1")
    refuse(source, version,
           fmt::format("`schema_version` is {}, but this skillaudit reads version 1",
                       printable(shorten(version.Scalar(), 40))));
  return root;
}

std::string rule_of(const YamlSource& source, const YAML::Node& node, const Rubric& rubric) {
  const std::string id = text_of(source, node, "`rule`");
  if (rubric.find(id) != nullptr) return id;
  const std::string near = nearest(id, rubric.ids());
  refuse(source, node,
         fmt::format("unknown rule `{}`: {}", printable(shorten(id, 80)),
                     near.empty() ? "`skillaudit explain` lists all rules"
                                  : "did you mean `" + near + "`?"));
}

std::string reason_of(const YamlSource& source, const YAML::Node& entry, std::string_view of) {
  const YAML::Node reason = entry["reason"];
  if (!reason) refuse(source, entry, fmt::format("{} has no `reason`: explain why", of));
  const std::string text = text_of(source, reason, "`reason`");
  if (trim(text).empty())
    refuse(source, reason, fmt::format("the `reason` of {} is empty: explain why", of));
  return std::string(trim(text));
}

std::size_t choice_of(const YamlSource& source, const YAML::Node& node, std::string_view what,
                      const std::vector<std::string>& known) {
  const std::string given = text_of(source, node, what);
  const auto found = std::find(known.begin(), known.end(), given);
  if (found == known.end())
    refuse(source, node,
           fmt::format("{} is `{}`: give one of {}", what, printable(shorten(given, 80)),
                       join(known, ", ")));
  return static_cast<std::size_t>(found - known.begin());
}

}  // namespace skillaudit
