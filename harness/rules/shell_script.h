#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace skillaudit {

/// One simple command of a shell script, as known without running it.
struct ShellCommand {
  std::vector<std::string> words;  ///< without assignments, reserved words and wrappers like sudo
  int line = 0;                    ///< 1-based
  /// Programs whose presence was tested before this command could run: `if command -v tree; then`,
  /// `command -v tree && …`, the `else` of `if ! command -v tree`. Sorted.
  std::vector<std::string> guards;
  /// A failure of the command does not end the script: `… || true`, `… || echo …`.
  bool tolerated = false;
};

/// The simple commands of a POSIX or bash script in source order, those in
/// `$(…)` and backticks included. Comments, quoted text and here-documents are no commands. Never
/// fails: what it cannot read it skips. Linear in the text for a bounded depth of nesting.
[[nodiscard]] std::vector<ShellCommand> shell_commands(std::string_view script);

}  // namespace skillaudit
