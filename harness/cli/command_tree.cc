#include "harness/cli/command_tree.h"

#include <CLI/CLI.hpp>

#include "harness/base/text.h"
#include "harness/rules/rubric.h"

namespace skillaudit {
namespace {

/// The words of "TEXT:{a,b}": CLI11 keeps them in the type's name alone.
std::vector<std::string> choices_in(const std::string& type) {
  const std::size_t open = type.find('{');
  const std::size_t close = type.rfind('}');
  if (open == std::string::npos || close == std::string::npos || close < open) return {};
  std::vector<std::string> choices;
  for (const std::string_view each :
       split(std::string_view(type).substr(open + 1, close - open - 1), ','))
    choices.emplace_back(each);
  return choices;
}

OptionWords words_of(const CLI::Option& option) {
  OptionWords words{.description = option.get_description()};
  for (const std::string& name : option.get_lnames()) words.names.push_back("--" + name);
  for (const std::string& name : option.get_snames()) words.names.push_back("-" + name);
  if (words.names.empty()) words.positional = option.get_name();
  words.repeated = option.get_expected_max() > 1;
  if (option.get_items_expected_max() == 0) return words;
  const std::string type = option.get_type_name();
  words.choices = type == "RULE" ? shipped_rubric().ids() : choices_in(type);
  words.value = type.substr(0, type.find(':'));
  return words;
}

void walk(const CLI::App& app, std::vector<std::string> path, std::vector<CommandWords>& tree) {
  CommandWords words{
      .path = path, .description = app.get_description(), .footer = app.get_footer()};
  for (const CLI::Option* option : app.get_options())
    if (!option->get_group().empty()) words.options.push_back(words_of(*option));
  const auto below = app.get_subcommands([](const CLI::App*) { return true; });
  for (const CLI::App* each : below) words.commands.push_back(each->get_name());
  tree.push_back(std::move(words));
  for (const CLI::App* each : below) {
    std::vector<std::string> longer = path;
    longer.push_back(each->get_name());
    walk(*each, std::move(longer), tree);
  }
}

}  // namespace

std::vector<CommandWords> command_tree(const CLI::App& app) {
  std::vector<CommandWords> tree;
  walk(app, {}, tree);
  return tree;
}

}  // namespace skillaudit
