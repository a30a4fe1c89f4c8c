#include "harness/cli/command.h"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/cli/called_as.h"
#include "harness/rules/rubric.h"

namespace skillaudit {
namespace {

/// CLI11's help, with as_called() applied to descriptions and examples.
class HelpFormatter : public CLI::Formatter {
 public:
  std::string make_footer(const CLI::App* app) const override {
    return as_called(CLI::Formatter::make_footer(app));
  }
  std::string make_option_desc(const CLI::Option* option) const override {
    return as_called(CLI::Formatter::make_option_desc(option));
  }
};

std::vector<CLI::App*> commands_below(CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

/// The innermost command that was given: its help is the one to read.
std::string command_line_of(const CLI::App& app) {
  std::string words = app.get_name();
  for (const CLI::App* at = &app; !at->get_subcommands().empty();) {
    at = at->get_subcommands().front();
    words += " " + at->get_name();
  }
  return words;
}

/// CLI11 names neither the unknown word nor the commands.
std::string without_command(CLI::App& app) {
  std::vector<std::string> commands;
  for (const CLI::App* each : commands_below(app)) commands.push_back(each->get_name());
  const std::string list = "the commands are " + join(commands, ", ");
  const std::vector<std::string> words = app.remaining();
  if (words.empty()) return "a command is missing: " + list;
  const std::string near = nearest(words[0], commands);
  return fmt::format("there is no command '{}': {}", shorten(words[0], 80),
                     near.empty() ? list : "did you mean '" + near + "'?");
}

/// Our exit codes, not CLI11's: 0 for --help, 64 for bad usage.
int parse_failure(CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) return app.exit(error);
  const std::string complaint = app.get_subcommands().empty() ? without_command(app) : error.what();
  fmt::print(stderr, "skillaudit: {}\nTry `{} --help`.\n", as_called(printable(complaint)),
             command_line_of(app));
  return static_cast<int>(ErrorKind::Usage);
}

/// The words of "TEXT:{a,b}": CLI11 has them only in the type's name.
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

void walk(CLI::App& app, const std::vector<std::string>& path, std::vector<CommandWords>& tree) {
  CommandWords words{
      .path = path, .description = app.get_description(), .footer = app.get_footer()};
  for (const CLI::Option* option : app.get_options())
    if (!option->get_group().empty()) words.options.push_back(words_of(*option));
  for (const CLI::App* each : commands_below(app)) words.commands.push_back(each->get_name());
  tree.push_back(std::move(words));
  for (CLI::App* each : commands_below(app)) {
    std::vector<std::string> longer = path;
    longer.push_back(each->get_name());
    walk(*each, longer, tree);
  }
}

}  // namespace

Option Option::required() {
  option_->required();
  return *this;
}

Option Option::show_default() {
  option_->capture_default_str();
  return *this;
}

Option Option::one_of(const std::vector<std::string>& words) {
  option_->check(CLI::IsMember(words));
  return *this;
}

Option Option::one_value_each() {
  option_->allow_extra_args(false);
  return *this;
}

Option Option::excludes(const Option& other) {
  option_->excludes(other.option_);
  return *this;
}

Option Option::not_empty() {
  option_->check([](const std::string& value) {
    return value.empty() ? std::string("the value is empty") : std::string();
  });
  return *this;
}

Option Option::type_name(const std::string& name) {
  option_->type_name(name);
  return *this;
}

Command Command::add_command(const std::string& name, const std::string& description) {
  return {*app_->add_subcommand(name, description), *chosen_};
}

Option Command::add_option(const std::string& names, std::string& value,
                           const std::string& description) {
  return Option(*app_->add_option(names, value, description));
}

Option Command::add_option(const std::string& names, double& value,
                           const std::string& description) {
  return Option(*app_->add_option(names, value, description));
}

Option Command::add_option(const std::string& names, std::vector<std::string>& values,
                           const std::string& description) {
  return Option(*app_->add_option(names, values, description));
}

Option Command::add_flag(const std::string& names, bool& value, const std::string& description) {
  return Option(*app_->add_flag(names, value, description));
}

Option Command::add_flag(const std::string& names, std::string& value,
                         const std::string& description) {
  return Option(*app_->add_flag(names, value, description));
}

void Command::require_command() { app_->require_subcommand(1); }

void Command::set_footer(const std::string& text) { app_->footer(text); }

void Command::set_action(Action action) {
  app_->callback([app = app_, chosen = chosen_, action = std::move(action)] {
    if (app->get_subcommands().empty()) *chosen = action;
  });
}

std::vector<CommandWords> Command::tree() const {
  std::vector<CommandWords> tree;
  walk(*app_, {}, tree);
  return tree;
}

CommandLine::CommandLine(const std::string& name, const std::string& description,
                         const std::string& version)
    : app_(std::make_unique<CLI::App>(description, name)) {
  app_->formatter(std::make_shared<HelpFormatter>());
  app_->set_version_flag("--version", version);
}

CommandLine::~CommandLine() = default;

Command CommandLine::program() { return {*app_, chosen_}; }

Action CommandLine::parse(const std::vector<std::string>& words) {
  try {
    app_->parse(std::vector<std::string>(words.rbegin(), words.rend()));
    return chosen_;
  } catch (const CLI::ParseError& error) {
    return [code = parse_failure(*app_, error)] { return code; };
  }
}

}  // namespace skillaudit
