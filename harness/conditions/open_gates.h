#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/evidence/coverage.h"

namespace skillaudit {

/// Lines of a program that did not run.
struct WantedLines {
  LineRange lines;
  /// They remove files: a condition about a name that they use may be what keeps them from
  /// removing others, and is left as it is.
  bool removes = false;
};

/// `code` with the conditions set aside that keep `wanted` from running: the branches of `if` and
/// `case` around them are taken, what ends the program or function just before them does not, and
/// the calls of the functions that hold them are reached likewise, and lines that did not run
/// either and set a name that they use. Each line keeps its number. Conditions are still evaluated.
/// `ran`: the lines that ran, sorted; empty where nobody could say. Of the shell, Python, and
/// languages with C's braces (JavaScript, Perl, PHP, awk), which the
/// `#!` line or the ending of `path` tells. None: of another language, or nothing to set aside.
/// By a scan of words and quotes, not by a parser: the result may be no program any more, and
/// then shows nothing when it is run. Linear in the size for each of `wanted`.
[[nodiscard]] std::optional<std::string> open_gates(std::string_view path, std::string_view code,
                                                    const std::vector<LineRange>& ran,
                                                    const std::vector<WantedLines>& wanted);

}  // namespace skillaudit
