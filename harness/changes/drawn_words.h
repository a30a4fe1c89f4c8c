#pragma once

#include <string>
#include <string_view>

namespace skillaudit {

/// `text` with "*" for each word that is random in each run: one with a digit in it, or with
/// an upper-case letter after its first (mktemp(1), process ids, ports).
[[nodiscard]] std::string without_drawn_words(std::string_view text);

}  // namespace skillaudit
