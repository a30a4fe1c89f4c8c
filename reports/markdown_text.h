#pragma once

#include <string>
#include <string_view>

namespace skillaudit {

/// Markdown (CommonMark, with GitHub's extensions) that shows any text unchanged.
/// All take one line of printable() text.

/// As prose: possible markup is escaped.
[[nodiscard]] std::string markdown_prose(std::string_view text);
/// As a code span with a fence that the text does not contain.
[[nodiscard]] std::string markdown_code(std::string_view text);
/// A title or recommendation of a finding: text between backticks becomes code, the rest
/// prose.
[[nodiscard]] std::string markdown_sentence(std::string_view text);
/// Lines as a fenced block, indented by `indent` spaces. Takes printable_block() text.
[[nodiscard]] std::string markdown_block(std::string_view text, std::size_t indent = 0);

/// Removes blank lines left by a template: more than one in a row, and those between two
/// items of a list. Fenced blocks are unchanged.
[[nodiscard]] std::string tidy_markdown(std::string_view page);

}  // namespace skillaudit
