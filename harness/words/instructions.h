#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace skillaudit {

/// One thing that a document tells its reader to do.
struct Instruction {
  enum class Kind { Run, Read };
  Kind kind = Kind::Run;
  int line = 0;  ///< 1-based, of the block or the paragraph
  /// For a shell, placeholders filled in; or the path as written: "references/api.md", "~/.netrc".
  std::string what;
  bool link = false;  ///< a Markdown link: the path is relative to the document
  /// It works on the user's project; else where the document's own commands run.
  bool in_project = false;
  std::string sentence = {};  ///< the words that ask for it; empty for a block
  bool operator==(const Instruction&) const = default;
};

/// What the Markdown document tells to do, in its order:
/// - its shell blocks, by the rules of a walkthrough (shell_block.h);
/// - code within a sentence that the sentence tells to run ("run `make all`, then `make check`"),
///   or that is a list's item on its own, where it looks like a command;
/// - files that a sentence tells to read ("see `references/api.md`", "read [this](api.md)");
/// - what a sentence asks for in words (asked.h), as the command that does it, but for what is left
///   to the reader in the project: reading its files, writing a text of one's own, pushing commits.
/// What a sentence forbids ("never run `…`") is none. What a block or a sentence leaves to the
/// reader (`<name>`, `{{file}}`) is answered: see fill_placeholders().
[[nodiscard]] std::vector<Instruction> instructions_of(std::string_view markdown);

/// The code with a value for each placeholder (`<name>`, `{{name}}`, an argument `FILE`): see
/// argument_value(). Nothing for `[options]` and `...`.
[[nodiscard]] std::string fill_placeholders(std::string code);

}  // namespace skillaudit
