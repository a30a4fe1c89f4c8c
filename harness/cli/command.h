#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/cli/command_tree.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace skillaudit {

/// The command line as the commands see it. Only command.cc includes CLI11: its header takes
/// seconds to compile.
///
///     Command command = program.add_command("greet", "Print a greeting");
///     const auto name = std::make_shared<std::string>("world");
///     command.add_option("NAME", *name, "Whom to greet").show_default();
///     command.set_footer("Example:\n  skillaudit greet");
///     command.set_action([name] { return greet(*name); });

/// What a command does, once the words are parsed; returns the exit code.
using Action = std::function<int()>;

/// An option, flag or positional argument. A handle: valid as long as its CommandLine.
class Option {
 public:
  Option required();
  /// The help shows the value that the variable had before.
  Option show_default();
  Option one_of(const std::vector<std::string>& words);
  /// For a list: each value needs the option's name before it, so that the next word is not taken.
  Option one_value_each();
  Option excludes(const Option& other);
  /// An empty value is refused: a script's unset variable must not read as not given.
  Option not_empty();
  /// What the help calls the value, in place of its type.
  Option type_name(const std::string& name);

 private:
  friend class Command;
  explicit Option(CLI::Option& option) : option_(&option) {}

  CLI::Option* option_;
};

/// The program, or a command below it. A handle: valid as long as its CommandLine. The variables
/// given to add_option() and add_flag() must outlive the parsing.
class Command {
 public:
  Command add_command(const std::string& name, const std::string& description);

  /// `names`: "--output,-o", or "FILE" for a positional argument.
  Option add_option(const std::string& names, std::string& value, const std::string& description);
  Option add_option(const std::string& names, double& value, const std::string& description);
  Option add_option(const std::string& names, std::vector<std::string>& values,
                    const std::string& description);
  Option add_flag(const std::string& names, bool& value, const std::string& description);
  /// "--flag{word}": `--flag` gives "word", `--flag=other` gives "other".
  Option add_flag(const std::string& names, std::string& value, const std::string& description);

  /// One of the commands below must follow.
  void require_command();
  /// Examples and exit codes, at the end of the help.
  void set_footer(const std::string& text);
  /// Used if no command below this one is given.
  void set_action(Action action);

  /// The program first, then each command before those below it, in the order of the help.
  [[nodiscard]] std::vector<CommandWords> tree() const;

 private:
  friend class CommandLine;
  Command(CLI::App& app, Action& chosen) : app_(&app), chosen_(&chosen) {}

  CLI::App* app_;
  Action* chosen_;
};

class CommandLine {
 public:
  /// `name`: as the user called the program.
  CommandLine(const std::string& name, const std::string& description, const std::string& version);
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;
  ~CommandLine();

  [[nodiscard]] Command program();

  /// The action of the command that the words choose; prints help, version or a complaint where
  /// they choose none, and returns an action that only returns the exit code.
  [[nodiscard]] Action parse(const std::vector<std::string>& words);

 private:
  std::unique_ptr<CLI::App> app_;
  Action chosen_;
};

}  // namespace skillaudit
