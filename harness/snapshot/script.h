#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace skillaudit {

/// One table of a script and the shell command that prints it: the body of a POSIX shell function.
struct ScriptTable {
  std::string_view name;
  std::string_view command;
};

/// What build_script() puts together. Python does what needs many files read: a guest under
/// emulation spends about 10 ms on each fork, so a program for each process or file is out.
struct ScriptParts {
  std::vector<ScriptTable> beside;  ///< each runs beside everything else
  std::vector<ScriptTable> in_turn;
  /// A Python 3 program, run by `python3 -I -S` beside the others. Its arguments are the scratch
  /// folder and the pid of the script's shell. For each of python_tables it writes NAME.out,
  /// NAME.err and NAME.rc into the scratch folder: python_runner() does that.
  std::string python;
  std::vector<std::string_view> python_tables;
  std::string python_input;  ///< its standard input: letters, digits, blanks and line feeds alone
  std::string scratch;       ///< parent of the scratch folder
  /// Runs when all tables are done, before the stream; its failure is that of its table.
  struct {
    std::string_view table;
    std::string command;
  } last = {};
  std::string at_exit;  ///< runs at the end, however it comes
  std::string after;    ///< runs after the stream
};

/// The script for `sh -s`. It prints the stream that capture.h describes, in the order
/// python_tables, in_turn, beside, and exits with 0 whenever it could print it.
[[nodiscard]] std::string build_script(const ScriptParts& parts);

/// Python: helpers for the functions `table_NAME(out)` of the tables; goes before them.
[[nodiscard]] std::string_view python_prelude();

/// Python: runs `table_NAME` of each name; goes after them.
[[nodiscard]] std::string python_runner(const std::vector<std::string_view>& tables);

}  // namespace skillaudit
