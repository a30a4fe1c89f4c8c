#include "harness/skill/expected_text.h"

#include <fmt/core.h>
#include <regex.h>

#include <array>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/json_text.h"
#include "harness/base/text.h"
#include "harness/skill/surroundings.h"

namespace skillaudit {
namespace {

using nlohmann::ordered_json;

constexpr int kDeepest = 32;

/// One text, or a list of texts.
std::vector<std::string> one_or_more(const YamlSource& source, const YAML::Node& node,
                                     const std::string& what) {
  std::vector<std::string> texts =
      node.IsScalar() ? std::vector{text_of(source, node, what)} : texts_of(source, node, what);
  if (texts.empty() || texts.front().empty())
    fail(ErrorKind::Skill, "{}: {} is empty: fill it in or remove the line",
         position(source, node.Mark()), what);
  return texts;
}

/// As harness/model/script.h compiles them.
void check_pattern(const YamlSource& source, const YAML::Node& node, const std::string& pattern) {
  regex_t regex{};
  const int error = regcomp(&regex, pattern.c_str(), REG_EXTENDED | REG_NEWLINE);
  if (error == 0) {
    regfree(&regex);
    return;
  }
  std::array<char, 200> why{};
  regerror(error, &regex, why.data(), why.size());
  fail(ErrorKind::Skill, "{}: the regular expression `{}` is invalid: {}",
       position(source, node.Mark()), printable(pattern), why.data());
}

ordered_json value_of(const YamlSource& source, const YAML::Node& node, int depth) {
  if (depth > kDeepest)
    fail(ErrorKind::Skill, "{}: the value is nested too deeply: flatten it",
         position(source, node.Mark()));
  if (node.IsNull()) return nullptr;
  if (node.IsSequence()) {
    ordered_json list = ordered_json::array();
    for (const auto& item : node) list.push_back(value_of(source, item, depth + 1));
    return list;
  }
  if (node.IsMap()) {
    ordered_json map = ordered_json::object();
    for (const std::string& key : keys_of(source, node, "the value"))
      map[key] = value_of(source, node[key], depth + 1);
    return map;
  }
  const std::string text = text_of(source, node, "the value");
  // yaml-cpp's tag of a plain scalar is "?", of a quoted one "!".
  if (node.Tag() != "!") {
    const nlohmann::json plain = parse_json_or_discard(text);
    if (plain.is_number() || plain.is_boolean() || plain.is_null()) return plain;
  }
  return text;
}

std::vector<ExpectedText::Value> parse_json_values(const YamlSource& source,
                                                   const YAML::Node& node) {
  std::vector<ExpectedText::Value> values;
  for (const std::string& pointer : keys_of(source, node, "`json`")) {
    const YAML::Node value = node[pointer];
    try {
      (void)ordered_json::json_pointer(pointer);
    } catch (const ordered_json::exception&) {
      fail(ErrorKind::Skill,
           "{}: `{}` in `json` is not a JSON pointer: start it with a slash, such as /items/0/name",
           position(source, value.Mark()), printable(pointer));
    }
    values.push_back({pointer, json_of(source, value), line_of(source, node, pointer)});
  }
  if (values.empty())
    fail(ErrorKind::Skill, "{}: `json` is empty: fill it in or remove the line",
         position(source, node.Mark()));
  return values;
}

}  // namespace

std::string json_of(const YamlSource& source, const YAML::Node& node) {
  return json_text(value_of(source, node, 0));
}

ExpectedText parse_expected_text(const YamlSource& source, const YAML::Node& node,
                                 const std::string& what) {
  ExpectedText expected;
  expected.line = line_of(source, node);
  if (!node.IsMap()) {
    expected.contains = one_or_more(source, node, what);
    return expected;
  }
  expect_keys(source, node, what, {"contains", "equals", "matches", "json"});
  if (const YAML::Node contains = node["contains"]; contains.IsDefined())
    expected.contains = one_or_more(source, contains, "`contains`");
  if (const YAML::Node equals = node["equals"]; equals.IsDefined())
    expected.equals = equals.IsNull() ? "" : text_of(source, equals, "`equals`");
  if (const YAML::Node matches = node["matches"]; matches.IsDefined()) {
    expected.matches = one_or_more(source, matches, "`matches`");
    for (std::size_t i = 0; i < expected.matches.size(); ++i)
      check_pattern(source, matches.IsScalar() ? matches : matches[i], expected.matches[i]);
  }
  if (const YAML::Node json = node["json"]; json.IsDefined())
    expected.json = parse_json_values(source, json);
  if (node.size() == 0)
    fail(ErrorKind::Skill, "{}: {} is empty: give `contains`, `equals`, `matches` or `json`",
         position(source, node.Mark()), what);
  return expected;
}

std::vector<ExpectedText> parse_expected_files(const YamlSource& source, const YAML::Node& node) {
  std::vector<ExpectedText> files;
  for (const std::string& path : keys_of(source, node, "`files`")) {
    const YAML::Node text = node[path];
    if (const std::string problem = guest_path_problem(path); !problem.empty())
      fail(ErrorKind::Skill, "{}: {}", position(source, text.Mark()), problem);
    if (text.IsNull())
      fail(ErrorKind::Skill,
           "{}: `{}` is empty: give a text that is in the file, or list the path in `creates`",
           position(source, text.Mark()), printable(path));
    files.push_back(parse_expected_text(source, text, "`" + printable(path) + "`"));
    files.back().path = path;
    files.back().line = line_of(source, node, path);
  }
  if (files.size() > kMostPlacedFiles)
    fail(ErrorKind::Skill, "{}: `files` has more than {} files: remove some",
         position(source, node.Mark()), kMostPlacedFiles);
  return files;
}

CallsExpected parse_expected_calls(const YamlSource& source, const YAML::Node& node) {
  CallsExpected calls{{}, line_of(source, node)};
  if (node.IsScalar() && node.Scalar() == "none") return calls;
  if (!node.IsSequence())
    fail(ErrorKind::Skill, "{}: `calls` must be `none` or a list of calls, but it is {}",
         position(source, node.Mark()),
         node.IsScalar() ? "`" + printable(node.Scalar()) + "`" : kind_of(node));
  for (const auto& item : node) {
    expect_keys(source, item, "a call", {"tool", "contains"});
    ExpectedCall call;
    call.line = line_of(source, item);
    if (const YAML::Node tool = item["tool"]; tool.IsDefined())
      call.tool = text_of(source, tool, "`tool`");
    if (const YAML::Node contains = item["contains"]; contains.IsDefined())
      call.contains = one_or_more(source, contains, "`contains`");
    if (call.tool.empty() && call.contains.empty())
      fail(ErrorKind::Skill, "{}: a call of `calls` is empty: give `tool`, `contains` or both",
           position(source, item.Mark()));
    calls.made.push_back(std::move(call));
  }
  return calls;
}

}  // namespace skillaudit
