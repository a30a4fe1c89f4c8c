#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace skillaudit {

struct ShellToken {
  /// A script within a word: `$(…)`, backticks, `<(…)`.
  struct Nested {
    std::string script;
    int line = 0;
  };
  bool is_operator = false;  ///< text is one of "\n" ";" ";;" "&" "&&" "|" "||" "(" ")"
  bool quoted = false;       ///< part of the word was quoted: not a reserved word
  std::string text;          ///< a word without its quotes; variables unexpanded
  std::vector<Nested> nested;
  int line = 0;
  /// ">", ">>", "<" and so on where the word is the target of a redirection, with
  /// Redirections::Kept. Descriptors ("2>", ">&2") are left out.
  std::string redirection;
};

enum class Redirections { Dropped, Kept };

/// Splits a shell script into words and operators (POSIX Shell Command Language, 2.3). Comments
/// and here-documents are dropped, and so are redirections unless they are kept. Never fails.
[[nodiscard]] std::vector<ShellToken> shell_tokens(
    std::string_view script, int first_line, Redirections redirections = Redirections::Dropped);

}  // namespace skillaudit
