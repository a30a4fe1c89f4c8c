#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace skillaudit {

/// Columns that `text` takes on a terminal: 2 for wide characters of East Asia and emoji, 0 for
/// combining marks, 1 for others (Unicode Standard Annex 11). Takes one line of printable() text.
[[nodiscard]] std::size_t columns_of(std::string_view text);

/// At most `columns` columns of it; "…" marks what was cut.
[[nodiscard]] std::string fit(std::string_view text, std::size_t columns);

/// With blanks behind it, so that it takes `columns` columns.
[[nodiscard]] std::string pad(std::string_view text, std::size_t columns);

/// Lines of at most `columns` columns, broken at blanks where there are any. At least one line.
[[nodiscard]] std::vector<std::string> wrap(std::string_view text, std::size_t columns);

/// `share` (0 to 1) of `columns` as a bar of eighth blocks, with blanks up to its full length.
[[nodiscard]] std::string bar(double share, std::size_t columns);

}  // namespace skillaudit
