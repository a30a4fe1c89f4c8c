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

/// Whether the text holds any of the list.
template <std::size_t N>
[[nodiscard]] bool holds_any(std::string_view text, const std::array<std::string_view, N>& list) {
  return std::any_of(list.begin(), list.end(), [&](std::string_view each) {
    return text.find(each) != std::string_view::npos;
  });
}

}  // namespace skillaudit
