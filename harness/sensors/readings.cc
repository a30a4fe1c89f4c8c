#include "harness/sensors/readings.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "harness/sensors/byte_masks.h"
#include "harness/sensors/encodings.h"
#include "harness/sensors/pieces.h"

namespace skillaudit {
namespace {

/// Shorter runs are words and numbers; the shortest secret looked for is longer than what they
/// hold.
constexpr std::size_t kShortestBase64Run = 24;
constexpr std::size_t kShortestHexRun = 32;
/// A text larger than this is percent-decoded around its escapes only, so far on each side.
constexpr std::size_t kLargeText = 4U << 20;
constexpr std::size_t kAroundEscape = 4U << 10;

/// How Base64 of gzip (RFC 1952) and of a zip member begins.
constexpr std::array<std::string_view, 2> kArchiveMarks = {"H4sI", "UEsDB"};

using ByteTable = std::array<std::int8_t, 256>;

/// The value of each hexadecimal digit, -1 for every other byte.
constexpr ByteTable kHexValue = [] {
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

constexpr ByteTable kIsBase64 = [] {
  ByteTable table{};
  for (const char c : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                       "0123456789+/-_"))
    table[static_cast<unsigned char>(c)] = 1;
  return table;
}();

Flags16 are_base64(const char* at) {
  const Bytes16 bytes = bytes_at(at);
  return ((bytes | 0x20) - 'a' < 26) | (bytes - '0' < 10) | (bytes == '+') | (bytes == '-') |
         (bytes == '/') | (bytes == '_');
}

Flags16 are_hex(const char* at) {
  const Bytes16 bytes = bytes_at(at);
  return ((bytes | 0x20) - 'a' < 6) | (bytes - '0' < 10);
}

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

constexpr ByteTable kIsHex = [] {
  ByteTable table{};
  for (std::size_t i = 0; i < table.size(); ++i) table[i] = kHexValue[i] >= 0;
  return table;
}();

/// 1: never part of a secret; 2: may begin an escape.
constexpr ByteTable kSqueeze = [] {
  ByteTable table{};
  for (const char c : std::string_view(" \t\n\v\f\r")) table[static_cast<unsigned char>(c)] = 1;
  table[0] = 1;
  table['='] = table['\\'] = 2;
  return table;
}();

std::int8_t at(const ByteTable& table, char c) { return table[static_cast<unsigned char>(c)]; }

/// `digits` hexadecimal digits at `from`, or -1.
int hex_at(std::string_view text, std::size_t from, std::size_t digits) {
  if (from + digits > text.size()) return -1;
  int value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const int digit = at(kHexValue, text[from + i]);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

/// The next place, from `from` on, of a percent sign and two digits; the size when there is none.
std::size_t next_escape(std::string_view text, std::size_t from) {
  for (from = text.find('%', from); from != std::string_view::npos;
       from = text.find('%', from + 1)) {
    if (hex_at(text, from + 1, 2) >= 0) return from;
  }
  return text.size();
}

/// Whether Base64 that begins with a mark goes on as an archive's header does. Four characters
/// alone occur by chance in each 16 MB of Base64, and each chance would cost a reading of all of
/// it.
bool is_archive(std::string_view base64) {
  if (!base64.starts_with(kArchiveMarks[0])) return true;
  const std::string header = base64_decoded(base64.substr(0, 16));
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(header[i]); };
  // Reserved flags are zero; the compressor's hint and system are among the few that exist.
  return header.size() >= 10 && (byte(3) & 0xe0) == 0 && byte(8) <= 4 &&
         (byte(9) <= 13 || byte(9) == 255);
}

/// Whether `mask` has `kShortest` (16 to 64) bits in a row.
template <std::size_t kShortest>
bool has_run(std::uint64_t mask) {
  static_assert(kShortest >= 16 && kShortest <= 32);
  mask &= mask >> 1;
  mask &= mask >> 2;
  mask &= mask >> 4;
  mask &= mask >> 8;
  mask &= mask >> (kShortest - 16);
  return mask != 0;
}

/// Calls `take` with each run of at least `kShortest` digits.
template <std::size_t kShortest, typename Test, typename Take>
void for_each_run(std::string_view text, const ByteTable& is_digit, Test test, Take take) {
  std::size_t begin = 0;  // of the run that reaches up to where we are
  const auto end_run = [&](std::size_t end) {
    if (end - begin >= kShortest) take(text.substr(begin, end - begin));
    begin = end + 1;
  };
  std::size_t i = 0;
  for (; i + kMaskedBytes <= text.size(); i += kMaskedBytes) {
    std::uint64_t others = ~mask_at(text.data() + i, test);
    if (others == 0) continue;
    // Between the first and the last other byte few texts have a whole run.
    if (has_run<kShortest>(~others)) {
      for (; others != 0; others &= others - 1)
        end_run(i + static_cast<std::size_t>(std::countr_zero(others)));
    } else {
      end_run(i + static_cast<std::size_t>(std::countr_zero(others)));
      begin = i + kMaskedBytes - static_cast<std::size_t>(std::countl_zero(others));
    }
  }
  for (; i < text.size(); ++i)
    if (!at(is_digit, text[i])) end_run(i);
  end_run(text.size());
}

/// The places, in their order, at which a mark of an archive may begin.
template <typename Take>
void for_each_mark(std::string_view run, Take take) {
  const auto may_begin = [](const char* at) {
    const Bytes16 first = bytes_at(at);
    const Bytes16 second = bytes_at(at + 1);
    return ((first == 'H') & (second == '4')) | ((first == 'U') & (second == 'E'));
  };
  const auto look = [&](std::size_t place) {
    for (const std::string_view mark : kArchiveMarks)
      if (run.substr(place).starts_with(mark)) take(place);
  };
  std::size_t i = 0;
  for (; i + kMaskedBytes < run.size(); i += kMaskedBytes)
    for (std::uint64_t mask = mask_at(run.data() + i, may_begin); mask != 0; mask &= mask - 1)
      look(i + static_cast<std::size_t>(std::countr_zero(mask)));
  for (; i < run.size(); ++i)
    if (run[i] == 'H' || run[i] == 'U') look(i);
}

void add_base64_decoded(std::string_view text, Pieces& out) {
  constexpr std::size_t kPiece = Pieces::kLargest / 3 * 4;
  while (!text.empty()) {
    const std::string_view piece = text.substr(0, kPiece);
    out.wrote(base64_decode(piece, out.room(Pieces::kLargest)));
    text.remove_prefix(piece.size());
  }
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

/// HTML's and others' "+" for a space is left alone: the squeezed reading takes care of spaces.
std::string percent_decoded(std::string_view text) {
  std::string out;
  const std::size_t around = text.size() > kLargeText ? kAroundEscape : text.size();
  std::size_t done = 0;  // everything before it was copied or left out
  for (std::size_t escape = next_escape(text, 0); escape < text.size();) {
    const std::size_t begin = std::max(done, escape - std::min(escape, around));
    out += text.substr(begin, escape - begin);
    out += static_cast<char>(hex_at(text, escape + 1, 2));
    done = escape + 3;
    escape = next_escape(text, done);
    const std::size_t end = std::min(escape, done + std::min(around, text.size() - done));
    out += text.substr(done, end - done);
    done = end;
  }
  return out;
}

std::string base64_runs(std::string_view text) {
  Pieces out(text.size() / 4 * 3);
  for_each_run<kShortestBase64Run>(text, kIsBase64, are_base64, [&](std::string_view run) {
    add_base64_decoded(run, out);
    // What stands before it without a gap may put an archive out of step. Secrets themselves are
    // looked for at each alignment (encodings.h).
    std::array<bool, 4> in_step{true};
    for_each_mark(run, [&](std::size_t place) {
      if (in_step[place % 4] || !is_archive(run.substr(place))) return;
      in_step[place % 4] = true;
      add_base64_decoded(run.substr(place), out);
    });
  });
  return out.take();
}

std::string hex_runs(std::string_view text) {
  Pieces out(text.size() / 2);
  for_each_run<kShortestHexRun>(text, kIsHex, are_hex, [&](std::string_view run) {
    while (run.size() > 1) {
      const std::size_t size = std::min(run.size() / 2, Pieces::kLargest);
      char* const to = out.room(size);
      for (std::size_t i = 0; i < size; ++i)
        to[i] = static_cast<char>(at(kHexValue, run[2 * i]) * 16 + at(kHexValue, run[2 * i + 1]));
      out.wrote(size);
      run.remove_prefix(2 * size);
    }
  });
  return out.take();
}

std::string unmasked_archive(std::string_view text) {
  using namespace std::string_view_literals;
  for (const std::string_view magic : {"\x1f\x8b\x08"sv, "PK\x03\x04"sv}) {
    if (text.size() <= magic.size()) continue;
    const char key = static_cast<char>(text[0] ^ magic[0]);
    bool begins = key != 0;
    for (std::size_t i = 1; begins && i < magic.size(); ++i)
      begins = static_cast<char>(text[i] ^ key) == magic[i];
    if (!begins) continue;
    std::string out(text);
    for (char& c : out) c = static_cast<char>(c ^ key);
    return out;
  }
  return {};
}

}  // namespace skillaudit
