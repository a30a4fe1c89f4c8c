#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#include "harness/sensors/byte_masks.h"
#include "harness/sensors/byte_table.h"
#include "harness/sensors/pieces.h"
#include "harness/sensors/readings.h"

namespace skillaudit {
namespace {

/// 1: never part of a secret; 2: may begin an escape.
constexpr ByteTable kSqueeze = [] {
  ByteTable table{};
  for (const char c : std::string_view(" \t\n\v\f\r")) table[static_cast<unsigned char>(c)] = 1;
  table[0] = 1;
  table['='] = table['\\'] = 2;
  return table;
}();

/// Those that kSqueeze has as 1, and as 2.
Flags16 are_left_out(const char* at) {
  const Bytes16 bytes = bytes_at(at);
  return (bytes - '\t' < 5) | (bytes == ' ') | (bytes == 0);
}

/// Other equals signs stay.
Flags16 may_begin_escapes(const char* at) {
  const Bytes16 bytes = bytes_at(at);
  const Bytes16 next = bytes_at(at + 1);
  return (bytes == '\\') | ((bytes == '=') & ((next == '\n') | (next == '\r')));
}

/// Without a count of the bits, for which plain x86-64 has no instruction.
bool more_than(std::uint64_t bits, int count) {
  for (; bits != 0 && count > 0; --count) bits &= bits - 1;
  return bits != 0;
}

/// What a squeezed text is written to, and what of it is read next.
class Squeezer {
 public:
  explicit Squeezer(std::string_view text) : text_(text), out_(text.size()) {}

  std::string run() {
    // Up to 48 bytes behind a span are copied along with it.
    while (at_ + 2 * kMaskedBytes <= text_.size()) {
      const char* const from = text_.data() + at_;
      const std::uint64_t escapes = mask_at(from, may_begin_escapes);
      const std::uint64_t left_out = mask_at(from, are_left_out);
      // Many short spans are slower than single bytes.
      if (more_than(left_out, 16) || more_than(escapes, 3)) {
        single_bytes(at_ + kMaskedBytes);
        continue;
      }
      const auto end =
          escapes == 0 ? kMaskedBytes : static_cast<std::size_t>(std::countr_zero(escapes));
      spans(left_out, end);
      if (escapes != 0) single_bytes(at_ + 1);
    }
    single_bytes(text_.size());
    std::string result = out_.take();
    if (result.size() == text_.size()) result.clear();
    return result;
  }

 private:
  /// The next `end` bytes, without those of `left_out`.
  void spans(std::uint64_t left_out, std::size_t end) {
    const char* const from = text_.data() + at_;
    char* const out = out_.room(kMaskedBytes);
    std::size_t size = 0;
    std::size_t begin = 0;
    const auto copy = [&](std::size_t to) {
      std::memcpy(out + size, from + begin, 16);
      if (to - begin > 16) std::memcpy(out + size + 16, from + begin + 16, 48);
      size += to - begin;
      begin = to + 1;
    };
    if (end < kMaskedBytes) left_out &= (std::uint64_t{1} << end) - 1;
    for (; left_out != 0; left_out &= left_out - 1)
      copy(static_cast<std::size_t>(std::countr_zero(left_out)));
    if (begin < end) copy(end);
    out_.wrote(size);
    at_ += end;
  }

  /// Up to `end` or, where an escape stands there, a little farther.
  void single_bytes(std::size_t end) {
    while (at_ < end) {
      // Each byte leaves one byte at most.
      const std::size_t stop = std::min(end, at_ + kMaskedBytes);
      char* const out = out_.room(kMaskedBytes + 1);
      std::size_t size = 0;
      for (; at_ < stop; ++at_) {
        const char c = text_[at_];
        const std::int8_t kind = at(kSqueeze, c);
        // Written whether it stays or not: bytes at random give a branch nothing to foresee.
        out[size] = c;
        size += kind == 0;
        if (kind == 2) escape(out, size);
      }
      out_.wrote(size);
    }
  }

  void escape(char* out, std::size_t& size) {
    const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (text_[at_] == '=') {
      if (next != '\n' && text_.substr(at_ + 1, 2) != "\r\n") ++size;
    } else if (next == 'u' || next == 'x') {
      const std::size_t digits = next == 'u' ? 4 : 2;
      if (const int value = hex_at(text_, at_ + 2, digits);
          value >= 0 && (value < 0x80 || next == 'x')) {
        out[size++] = static_cast<char>(value);
        at_ += 1 + digits;
      }
    } else if (next == 'n' || next == 'r' || next == 't') {
      ++at_;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Pieces out_;
};

/// Whether one of the bytes in `text` may have to be left out of a squeezed reading.
bool may_be_squeezed(std::string_view text) {
  std::size_t i = 0;
  for (; i + kMaskedBytes < text.size(); i += kMaskedBytes)
    if (mask_at(text.data() + i,
                [](const char* from) { return are_left_out(from) | may_begin_escapes(from); }) != 0)
      return true;
  return std::any_of(text.begin() + static_cast<std::ptrdiff_t>(i), text.end(),
                     [](char c) { return at(kSqueeze, c) != 0; });
}

}  // namespace

std::string squeezed(std::string_view text) {
  return may_be_squeezed(text) ? Squeezer(text).run() : std::string();
}

}  // namespace skillaudit
