#pragma once

#include <string>
#include <string_view>

namespace skillaudit {

/// Markdown (CommonMark, with GitHub's extensions) that shows text as it is, whatever it holds.
/// All take one line of printable() text.

/// As prose: what could be markup is escaped.
[[nodiscard]] std::string markdown_prose(std::string_view text);
/// As a code span with a fence that the text does not hold.
[[nodiscard]] std::string markdown_code(std::string_view text);
/// A title or recommendation of a finding: what stands between backticks becomes code, the rest
/// prose.
[[nodiscard]] std::string markdown_sentence(std::string_view text);
/// Lines as a fenced block, indented by `indent` spaces. Takes printable_block() text.
[[nodiscard]] std::string markdown_block(std::string_view text, std::size_t indent = 0);

/// Takes out the blank lines that a template leaves: more than one in a row, and those between two
/// items of a list. What stands in fenced blocks is kept as it is.
[[nodiscard]] std::string tidy_markdown(std::string_view page);

}  // namespace skillaudit
