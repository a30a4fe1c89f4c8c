#pragma once

#include <yaml-cpp/yaml.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/text.h"

namespace skillaudit {

/// Reads one YAML file strictly. Every function throws Error{Usage} "FILE:LINE:COLUMN: why" for a
/// node that is not what it asks for.
class StrictYaml {
 public:
  /// `file` is what messages call the file.
  explicit StrictYaml(std::string_view file) : file_(file) {}

  [[nodiscard]] YAML::Node parse(std::string_view text) const;
  /// "FILE:LINE:COLUMN".
  [[nodiscard]] std::string place_of(const YAML::Node& node) const;
  [[noreturn]] void refuse(const YAML::Node& node, const std::string& why) const;

  /// The node must be a map with all of `required`, and no key but those and `optional`.
  void require_keys(const YAML::Node& node, std::initializer_list<std::string_view> required,
                    std::initializer_list<std::string_view> optional) const;
  [[nodiscard]] std::string text(const YAML::Node& node) const;
  /// A text that is not blank.
  [[nodiscard]] std::string sentence(const YAML::Node& node) const;
  /// One text, or a list of at least one; as nodes, so that each can be refused at its place.
  [[nodiscard]] std::vector<YAML::Node> one_or_more(const YAML::Node& node) const;
  [[nodiscard]] double number(const YAML::Node& node, double least, double most) const;
  [[nodiscard]] bool truth(const YAML::Node& node) const;

  /// The index in `names` of what the node says.
  [[nodiscard]] std::size_t index_in(const YAML::Node& node,
                                     const std::vector<std::string_view>& names) const;
  /// The one of `values` that `name_of` gives the name that the node says.
  template <typename Values, typename NameOf>
  [[nodiscard]] auto one_of(const YAML::Node& node, const Values& values, NameOf name_of) const {
    std::vector<std::string_view> names;
    for (const auto& value : values) names.push_back(name_of(value));
    return *(std::begin(values) + static_cast<std::ptrdiff_t>(index_in(node, names)));
  }

 private:
  std::string file_;
};

}  // namespace skillaudit
