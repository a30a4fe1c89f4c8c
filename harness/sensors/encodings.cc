#include "harness/sensors/encodings.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

namespace skillaudit {
namespace {

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase64Url =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// `bytes` in groups of `bits` bits each, when they begin `offset` bytes into the stream: only
/// those digits whose bits all come from `bytes`.
std::string digits_inside(std::string_view bytes, unsigned offset, unsigned bits,
                          std::string_view alphabet) {
  const std::size_t first = (offset * 8 + bits - 1) / bits;
  const std::size_t last = (offset + bytes.size()) * 8 / bits;
  std::string digits;
  for (std::size_t digit = first; digit < last; ++digit) {
    unsigned value = 0;
    for (std::size_t bit = digit * bits; bit < (digit + 1) * bits; ++bit) {
      const auto byte = static_cast<unsigned char>(bytes[bit / 8 - offset]);
      value = value * 2 + ((byte >> (7 - bit % 8)) & 1U);
    }
    digits += alphabet[value];
  }
  return digits;
}

std::string cased(std::string text, bool upper) {
  for (char& c : text) {
    if (upper && c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (!upper && c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

std::string rot13(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>('a' + (c - 'a' + 13) % 26);
    if (c >= 'A' && c <= 'Z') c = static_cast<char>('A' + (c - 'A' + 13) % 26);
  }
  return text;
}

/// Six bits for each Base64 digit of either alphabet, -1 for anything else.
constexpr std::array<std::int8_t, 256> kBase64Value = [] {
  std::array<std::int8_t, 256> table{};
  table.fill(-1);
  for (std::size_t i = 0; i < 64; ++i) {
    table[static_cast<unsigned char>(kBase64[i])] = static_cast<std::int8_t>(i);
    table[static_cast<unsigned char>(kBase64Url[i])] = static_cast<std::int8_t>(i);
  }
  return table;
}();

/// What each digit gives to its group's three bytes, by its place in the group, as the memory of a
/// number holds them; kNoDigit, in the fourth byte, for anything else.
constexpr std::uint32_t kNoDigit = std::endian::native == std::endian::little ? 0x80000000U : 0x80U;
constexpr std::array<std::array<std::uint32_t, 256>, 4> kBase64Bytes = [] {
  std::array<std::array<std::uint32_t, 256>, 4> tables{};
  for (std::size_t place = 0; place < 4; ++place) {
    for (std::size_t c = 0; c < 256; ++c) {
      const std::int8_t value = kBase64Value[c];
      if (value < 0) {
        tables[place][c] = kNoDigit;
        continue;
      }
      const std::uint32_t group = static_cast<std::uint32_t>(value) << (6 * (3 - place));
      tables[place][c] = std::endian::native == std::endian::little
                             ? group >> 16 | (group & 0xff00) | (group & 0xff) << 16
                             : group << 8;
    }
  }
  return tables;
}();

std::string hex_decoded(std::string_view digits) {
  const auto value = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
    bytes += static_cast<char>(value(digits[i]) * 16 + value(digits[i + 1]));
  return bytes;
}

/// Below this, what a decoded line leaves is too short to tell it from chance.
constexpr std::size_t kShortestDecoded = 24;

}  // namespace

std::string base64_inside(std::string_view bytes, unsigned offset, bool url) {
  return digits_inside(bytes, offset, 6, url ? kBase64Url : kBase64);
}

std::string base32_inside(std::string_view bytes, unsigned offset) {
  return digits_inside(bytes, offset, 5, kBase32);
}

std::string hex_of(std::string_view bytes) {
  return cased(digits_inside(bytes, 0, 4, "0123456789abcdef"), false);
}

std::string base64url(std::string_view bytes) {
  // Zero bits fill the last digit.
  const std::size_t digits = (bytes.size() * 8 + 5) / 6;
  return base64_inside(std::string(bytes) + std::string(1, '\0'), 0, true).substr(0, digits);
}

std::size_t base64_decode(std::string_view text, char* out) {
  char* const begin = out;
  // Whole groups first; the first that is none, and the rest, byte by byte.
  for (; text.size() >= 4; text.remove_prefix(4)) {
    const auto digits = [&](std::size_t i) {
      return kBase64Bytes[i][static_cast<unsigned char>(text[i])];
    };
    const std::uint32_t group = digits(0) | digits(1) | digits(2) | digits(3);
    if (group & kNoDigit) break;
    std::memcpy(out, &group, sizeof group);
    out += 3;
  }
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    const std::int8_t value = kBase64Value[static_cast<unsigned char>(c)];
    if (value < 0) break;
    bits = (bits << 6) | static_cast<std::uint32_t>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      *out++ = static_cast<char>((bits >> count) & 0xff);
    }
  }
  return static_cast<std::size_t>(out - begin);
}

std::string base64_decoded(std::string_view text) {
  std::string bytes(text.size() / 4 * 3 + 4, '\0');
  bytes.resize(base64_decode(text, bytes.data()));
  return bytes;
}

std::vector<Needle> needles_of(const std::string& secret) {
  std::vector<Needle> needles;
  const auto add = [&](std::string bytes, const char* encoding) {
    const bool known = std::any_of(needles.begin(), needles.end(),
                                   [&](const Needle& needle) { return needle.bytes == bytes; });
    if (!known) needles.push_back({std::move(bytes), encoding});
  };
  add(secret, "raw");
  for (const unsigned offset : {0U, 1U, 2U}) {
    add(base64_inside(secret, offset, false), "base64");
    add(base64_inside(secret, offset, true), "base64url");
  }
  for (const unsigned offset : {0U, 1U, 2U, 3U, 4U}) {
    add(base32_inside(secret, offset), "base32");
    add(cased(base32_inside(secret, offset), false), "base32");  // host names carry no capitals
  }
  add(hex_of(secret), "hex");
  add(cased(hex_of(secret), true), "hex");
  add(std::string(secret.rbegin(), secret.rend()), "reversed");
  add(rot13(secret), "rot13");
  add(cased(secret, false), "lower-case");
  add(cased(secret, true), "upper-case");
  const bool is_base64 = std::all_of(secret.begin(), secret.end(), [](char c) {
    return kBase64Value[static_cast<unsigned char>(c)] >= 0;
  });
  if (is_base64) {
    // Where a group of four begins depends on what stands before the secret in its file.
    for (const std::size_t skip : {0U, 1U, 2U, 3U}) {
      const std::size_t whole = (secret.size() - std::min(secret.size(), skip)) / 4 * 4;
      const std::string decoded =
          base64_decoded(std::string_view(secret).substr(std::min(secret.size(), skip), whole));
      if (decoded.size() < kShortestDecoded) continue;
      add(decoded, "decoded");
      add(hex_of(decoded), "hex of the decoded secret");
      add(cased(hex_of(decoded), true), "hex of the decoded secret");
    }
  }
  const bool is_hex = secret.size() % 2 == 0 && secret.size() / 2 >= kShortestDecoded &&
                      secret.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (is_hex) {
    const std::string decoded = hex_decoded(secret);
    add(decoded, "decoded");
    for (const unsigned offset : {0U, 1U, 2U})
      add(base64_inside(decoded, offset, false), "base64 of the decoded secret");
  }
  return needles;
}

}  // namespace skillaudit
