#pragma once

#include <string_view>

namespace skillaudit {

/// Whether the part of a token that should be random is a placeholder written by a person: it
/// says so ("EXAMPLE", "your"), repeats itself, counts ("123456", "abcdef"), or has too few
/// different characters for its length.
[[nodiscard]] bool is_placeholder(std::string_view secret);

}  // namespace skillaudit
