#pragma once

#include <string>
#include <string_view>

namespace skillaudit {

/// ASCII letters in lower case; every other byte as it is, whatever the locale.
[[nodiscard]] inline std::string ascii_lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

}  // namespace skillaudit
