#include "harness/sensors/readings.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "harness/sensors/encodings.h"

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

template <typename Decode>
std::string decoded_runs(std::string_view text, std::size_t shortest, const ByteTable& is_digit,
                         Decode decode) {
  std::string out;
  for (std::size_t begin = 0; begin + shortest <= text.size();) {
    // A run of that length covers each place `shortest` bytes on: what stands there is looked at
    // first, from the back, and most texts are passed over in leaps.
    std::size_t back = begin + shortest;
    while (back > begin && at(is_digit, text[back - 1])) --back;
    if (back > begin) {
      begin = back;
      continue;
    }
    std::size_t end = begin + shortest;
    while (end < text.size() && at(is_digit, text[end])) ++end;
    out += decode(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

}  // namespace

std::string squeezed(std::string_view text) {
  std::string out(text.size(), '\0');
  std::size_t size = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const std::int8_t kind = at(kSqueeze, c);
    // Written whether it stays or not: bytes at random give a branch nothing to foresee.
    out[size] = c;
    size += kind == 0;
    if (kind != 2) continue;
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    if (c == '=') {
      if (next != '\n' && text.substr(i + 1, 2) != "\r\n") ++size;
    } else if (next == 'u' || next == 'x') {
      const std::size_t digits = next == 'u' ? 4 : 2;
      if (const int value = hex_at(text, i + 2, digits);
          value >= 0 && (value < 0x80 || next == 'x')) {
        out[size++] = static_cast<char>(value);
        i += 1 + digits;
      }
    } else if (next == 'n' || next == 'r' || next == 't') {
      ++i;
    }
  }
  out.resize(size);
  return out;
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
  return decoded_runs(text, kShortestBase64Run, kIsBase64, [](std::string_view run) {
    std::string out = base64_decoded(run);
    // What stands before it without a gap may put an archive out of step. Secrets themselves are
    // looked for at each alignment (encodings.h).
    std::array<bool, 4> in_step{true};
    for (const std::string_view mark : kArchiveMarks) {
      for (std::size_t place = run.find(mark); place != std::string_view::npos;
           place = run.find(mark, place + 1)) {
        if (in_step[place % 4] || !is_archive(run.substr(place))) continue;
        in_step[place % 4] = true;
        out += base64_decoded(run.substr(place));
      }
    }
    return out;
  });
}

std::string hex_runs(std::string_view text) {
  return decoded_runs(text, kShortestHexRun, kIsHex, [](std::string_view run) {
    std::string out(run.size() / 2, '\0');
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = static_cast<char>(at(kHexValue, run[2 * i]) * 16 + at(kHexValue, run[2 * i + 1]));
    return out;
  });
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
