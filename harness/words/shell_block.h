#pragma once

#include <string>

#include "harness/skill/markdown_blocks.h"

namespace skillaudit {

/// How to run a code block of SKILL.md. Both are empty when there is nothing to run in it: data,
/// prose, output, a diagram.
struct BlockCommand {
  std::string command;         ///< for bash
  std::string reason_not_run;  ///< set when the block is a program, but cannot run as written
  /// It is in another language than a shell's: often a piece of a program, which need not run
  /// alone.
  bool fragment = false;
};

/// - sh, bash, shell, zsh and their like: the code; where its lines start with "$ ", the prompts
/// are
///   stripped and all other lines are output.
/// - console and other sessions: the lines behind the prompts.
/// - without a language: only if every line looks like a command.
/// - python, javascript, ruby, perl, php: given to the language's interpreter.
/// - another programming language (typescript, powershell, …): not run, with the reason.
/// - anything else is no program.
/// Code with a placeholder for the reader (`<your-name>`, YOUR_API_KEY, `path/to/…`, `[options]`,
/// `...`) or an editor that needs a terminal is not run, with the reason.
[[nodiscard]] BlockCommand command_of(const CodeBlock& block);

}  // namespace skillaudit
