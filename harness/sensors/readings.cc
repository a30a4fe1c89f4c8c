#include "harness/sensors/readings.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "harness/sensors/byte_masks.h"
#include "harness/sensors/byte_table.h"
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

constexpr ByteTable kIsHex = [] {
  ByteTable table{};
  for (std::size_t i = 0; i < table.size(); ++i) table[i] = kHexValue[i] >= 0;
  return table;
}();

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

}  // namespace

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
