#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace skillaudit {

/// What is left to spend on inflating; hostile streams draw it down.
struct InflateBudget {
  std::size_t output = 0;
  std::size_t input = 0;
  bool exhausted = false;
};

/// The content of every gzip member (RFC 1952) and deflated zip member (APPNOTE 4.3.7) that begins
/// anywhere in `bytes`, and of a zlib (RFC 1950) or deflate (RFC 1951) stream that begins at its
/// start or at a body inside it (after an empty line), one after the other. Damaged or cut streams
/// give what they hold until then. Sets `budget.exhausted` when there was more.
[[nodiscard]] std::string inflate_all(std::string_view bytes, InflateBudget& budget);

}  // namespace skillaudit
