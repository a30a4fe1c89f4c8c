#include "reports/terminal_text.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "harness/base/text.h"

namespace skillaudit {
namespace {

struct Range {
  std::uint32_t first, last;
};

template <std::size_t Count>
bool is_in(const Range (&ranges)[Count], std::uint32_t c) {
  return std::any_of(std::begin(ranges), std::end(ranges),
                     [c](const Range& range) { return c >= range.first && c <= range.last; });
}

std::size_t columns_of(std::uint32_t c) {
  static constexpr Range kNone[] = {
      {0x300, 0x36f},   {0x483, 0x489},   {0x591, 0x5bd},   {0x610, 0x61a},   {0x64b, 0x65f},
      {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}};
  static constexpr Range kTwo[] = {
      {0x1100, 0x115f},   {0x231a, 0x231b},   {0x23e9, 0x23ec},   {0x2614, 0x2615},
      {0x2648, 0x2653},   {0x26a1, 0x26a1},   {0x2705, 0x2705},   {0x274c, 0x274c},
      {0x2753, 0x2757},   {0x2e80, 0x303e},   {0x3041, 0xa4cf},   {0xa960, 0xa97f},
      {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff00, 0xff60},
      {0xffe0, 0xffe6},   {0x16fe0, 0x18aff}, {0x1b000, 0x1b2ff}, {0x1f004, 0x1f004},
      {0x1f0cf, 0x1f0cf}, {0x1f18e, 0x1f19a}, {0x1f200, 0x1f64f}, {0x1f680, 0x1f6ff},
      {0x1f7e0, 0x1f7eb}, {0x1f900, 0x1faff}, {0x20000, 0x3fffd}};
  if (c < 0x300) return 1;
  return is_in(kNone, c) ? 0 : is_in(kTwo, c) ? 2 : 1;
}

/// How many bytes of `text` fit into `columns`, at least one character; `used` is what they take.
std::size_t bytes_that_fit(std::string_view text, std::size_t columns, std::size_t& used) {
  used = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    std::uint32_t c = 0;
    const std::size_t length = std::max<std::size_t>(utf8_sequence(text.substr(at), c), 1);
    const std::size_t wide = columns_of(c);
    if (at > 0 && used + wide > columns) break;
    used += wide;
    at += length;
  }
  return at;
}

}  // namespace

std::size_t columns_of(std::string_view text) {
  std::size_t used = 0;
  (void)bytes_that_fit(text, SIZE_MAX, used);
  return used;
}

std::string fit(std::string_view text, std::size_t columns) {
  if (columns_of(text) <= columns) return std::string(text);
  std::size_t used = 0;
  return std::string(text.substr(0, bytes_that_fit(text, columns > 1 ? columns - 1 : 1, used))) +
         "…";
}

std::string pad(std::string_view text, std::size_t columns) {
  const std::size_t used = columns_of(text);
  return std::string(text) + std::string(used < columns ? columns - used : 0, ' ');
}

std::vector<std::string> wrap(std::string_view text, std::size_t columns) {
  std::vector<std::string> lines(1);
  std::size_t taken = 0;
  for (std::string_view word : split(text, ' ')) {
    const std::size_t wide = columns_of(word);
    if (taken > 0 && taken + 1 + wide > columns) {
      lines.emplace_back();
      taken = 0;
    }
    if (taken > 0) {
      lines.back() += ' ';
      ++taken;
    }
    // A word that is longer than a line is broken wherever the line ends.
    for (;;) {
      std::size_t used = 0;
      const std::size_t bytes = bytes_that_fit(word, columns - std::min(taken, columns - 1), used);
      lines.back() += word.substr(0, bytes);
      taken += used;
      word.remove_prefix(bytes);
      if (word.empty()) break;
      lines.emplace_back();
      taken = 0;
    }
  }
  return lines;
}

std::string bar(double share, std::size_t columns) {
  const auto eighths = static_cast<std::size_t>(
      std::clamp(share, 0.0, 1.0) * static_cast<double>(columns) * 8 + 0.5);
  std::string out;
  for (std::size_t i = 0; i < columns; ++i) {
    const std::size_t here = eighths > i * 8 ? std::min<std::size_t>(8, eighths - i * 8) : 0;
    if (here == 0) {
      out += ' ';
    } else {
      // U+2588 is whole, U+258F an eighth.
      out += "\xe2\x96";
      out += static_cast<char>(0x90 - here);
    }
  }
  return out;
}

}  // namespace skillaudit
