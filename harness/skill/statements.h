#pragma once

#include <string_view>
#include <vector>

#include "harness/evidence/coverage.h"

namespace skillaudit {

enum class CodeLanguage { Shell, Python, JavaScript, Other };

/// Of a program, by its `#!` line, else by the ending of its name.
[[nodiscard]] CodeLanguage language_of(std::string_view path, std::string_view code);

/// The statements of `code` that can run, in order, each with the lines that it takes. What only
/// gives structure is none: blank lines, comments, "fi", "}", "else {", the head of a function of
/// the shell. A command of the shell has all its lines: what is quoted, continued, or its
/// here-document. A statement of JavaScript is a line. Of other languages there are none: Python's
/// own compiler tells better. Linear in the size.
[[nodiscard]] std::vector<LineRange> statements_of(std::string_view code, CodeLanguage language);

}  // namespace skillaudit
