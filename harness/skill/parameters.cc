#include "harness/skill/parameters.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <string>
#include <utility>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

struct Parameter {
  std::string name;
  std::vector<std::string> values;
  YAML::Mark mark;
};

bool is_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
  });
}

std::vector<Parameter> parse_parameters(const YamlSource& source, const YAML::Node& node) {
  std::vector<Parameter> parameters;
  std::size_t combinations = 1;
  for (const std::string& name : keys_of(source, node, "`parameters`")) {
    const YAML::Node values = node[name];
    const std::string what = "`" + printable(name) + "` of `parameters`";
    if (!is_name(name))
      fail(ErrorKind::Skill, "{}: {} is not a name: use letters, digits, - and _",
           position(source, values.Mark()), what);
    Parameter parameter{name, {}, values.Mark()};
    if (!values.IsSequence() || values.size() == 0)
      fail(ErrorKind::Skill, "{}: {} must be a list of values, but it is {}",
           position(source, values.Mark()), what, values.IsSequence() ? "empty" : kind_of(values));
    for (const auto& value : values)  // an empty one is a value too
      parameter.values.push_back(value.IsNull() ? ""
                                                : text_of(source, value, "a value of " + what));
    combinations *= parameter.values.size();
    if (combinations > kMostCombinations)
      fail(ErrorKind::Skill, "{}: `parameters` make more than {} tests: remove some values",
           position(source, node.Mark()), kMostCombinations);
    parameters.push_back(std::move(parameter));
  }
  return parameters;
}

/// Whether it replaced something.
bool replace_in(std::string& text, const std::string& name, const std::string& value) {
  const std::string hole = "{" + name + "}";
  bool any = false;
  for (std::size_t at = text.find(hole); at != std::string::npos;
       at = text.find(hole, at + value.size())) {
    // "${name}" is a variable of the shell's.
    if (at > 0 && text[at - 1] == '$') {
      at += hole.size() - value.size();
      continue;
    }
    text.replace(at, hole.size(), value);
    any = true;
  }
  return any;
}

bool fill(Scenario& scenario, const std::string& name, const std::string& value) {
  bool any = false;
  const auto plain = [&](std::string& text) { any |= replace_in(text, name, value); };
  plain(scenario.command);
  for (UnitArguments& given : scenario.surroundings.arguments)
    for (std::string& word : given.arguments) plain(word);
  plain(scenario.standard_input);
  plain(scenario.surroundings.working_directory);
  for (auto& variable : scenario.surroundings.environment) plain(variable.second);
  for (PlacedFile& file : scenario.surroundings.files) plain(file.content);
  for (std::string& prompt : scenario.prompts) plain(prompt);
  return any;
}

}  // namespace

std::vector<Scenario> with_parameters(const YamlSource& source, const YAML::Node& scenario_node,
                                      Scenario scenario) {
  const YAML::Node node = scenario_node["parameters"];
  if (!node.IsDefined() || node.IsNull()) return {std::move(scenario)};
  std::vector<Scenario> all = {scenario};
  bool first = true;
  for (const Parameter& parameter : parse_parameters(source, node)) {
    std::vector<Scenario> more;
    for (const Scenario& each : all)
      for (const std::string& value : parameter.values) {
        Scenario filled = each;
        if (!fill(filled, parameter.name, value))
          fail(ErrorKind::Skill,
               "{}: nothing in the scenario `{}` uses `{{{}}}`: write it into its command, or "
               "remove the parameter",
               position(source, parameter.mark), printable(scenario.name), parameter.name);
        // Names of tests are one line.
        const std::string shown = shorten(printable(value), 40);
        if (!first) filled.name.pop_back();
        filled.name += (first ? " (" : ", ") + shown + ")";
        more.push_back(std::move(filled));
      }
    all = std::move(more);
    first = false;
  }
  return all;
}

}  // namespace skillaudit
