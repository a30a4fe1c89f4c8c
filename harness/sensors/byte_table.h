#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace skillaudit {

/// A value for each byte.
using ByteTable = std::array<std::int8_t, 256>;

/// The value of each hexadecimal digit, -1 for every other byte.
inline constexpr ByteTable kHexValue = [] {
  ByteTable table{};
  table.fill(-1);
  for (int i = 0; i < 10; ++i)
    table[static_cast<std::size_t>('0' + i)] = static_cast<std::int8_t>(i);
  for (int i = 0; i < 6; ++i) {
    table[static_cast<std::size_t>('a' + i)] = static_cast<std::int8_t>(10 + i);
    table[static_cast<std::size_t>('A' + i)] = static_cast<std::int8_t>(10 + i);
  }
  return table;
}();

inline std::int8_t at(const ByteTable& table, char c) {
  return table[static_cast<unsigned char>(c)];
}

/// `digits` hexadecimal digits at `from`, or -1.
inline int hex_at(std::string_view text, std::size_t from, std::size_t digits) {
  if (from + digits > text.size()) return -1;
  int value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const int digit = at(kHexValue, text[from + i]);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

}  // namespace skillaudit
