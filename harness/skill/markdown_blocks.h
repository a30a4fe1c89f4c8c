#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/skill/document.h"

namespace skillaudit {

/// A code block of a Markdown text.
struct CodeBlock {
  int line = 0;          ///< 1-based line of its first line of code (behind a fence)
  std::string language;  ///< first word of the info string, lower case, without "{.…}"; or empty,
                         ///< as of an indented block
  std::string code;      ///< each line ends in "\n"; the fence's own indentation is taken off
};

/// The code blocks in order, as a reader sees them (document.h): fences in lists and
/// quotations count, front matter and HTML comments do not. A fence that is never closed reaches to
/// the end of what holds it (CommonMark 0.31, 4.5).
[[nodiscard]] std::vector<CodeBlock> code_blocks(const Document& document);
[[nodiscard]] std::vector<CodeBlock> code_blocks(std::string_view markdown);

}  // namespace skillaudit
