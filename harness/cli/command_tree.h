#pragma once

#include <string>
#include <vector>

namespace skillaudit {

/// The program's commands and options, read from its parser. The shell completions and the manual
/// page are generated from them.

struct OptionWords {
  std::vector<std::string> names;    ///< "--jobs", "-j"; none for what is positional
  std::string value;                 ///< "FILE", "TEXT"; empty for a flag
  std::vector<std::string> choices;  ///< where the value is one of a few words
  std::string description;
  std::string positional;  ///< "SKILL"; empty for an option
  bool repeated = false;
};

struct CommandWords {
  std::vector<std::string> path;  ///< {} for the program itself, {"report", "diff"}
  std::string description;
  std::string footer;  ///< examples and exit codes
  std::vector<OptionWords> options;
  std::vector<std::string> commands;  ///< the names of those below it
};

[[nodiscard]] std::string bash_completion(const std::vector<CommandWords>& tree);
[[nodiscard]] std::string zsh_completion(const std::vector<CommandWords>& tree);
[[nodiscard]] std::string fish_completion(const std::vector<CommandWords>& tree);

/// skillaudit.1 (man(7)).
[[nodiscard]] std::string manual_page(const std::vector<CommandWords>& tree);

}  // namespace skillaudit
