#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace skillaudit {

/// Whether the word stands in the list.
template <std::size_t N>
[[nodiscard]] constexpr bool among(const std::array<std::string_view, N>& list,
                                   std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

}  // namespace skillaudit
