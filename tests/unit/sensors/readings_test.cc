#include "harness/sensors/readings.h"

#include <gmock/gmock.h>

#include <random>

#include "harness/sensors/encodings.h"
#include "harness/sensors/xor_search.h"

namespace skillaudit {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using namespace std::string_view_literals;

constexpr std::string_view kHexDigits = "0123456789abcdefABCDEF";
constexpr std::string_view kBase64Digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_";

std::size_t hex_value(char c) {
  const std::size_t index = kHexDigits.find(c);
  return index < 16 ? index : index - 6;
}

// The readings as one would write them without a thought of speed.

std::string simply_squeezed(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const std::string_view rest = text.substr(i + 1);
    if ("\0 \t\n\v\f\r"sv.find(c) != std::string_view::npos) continue;
    if (c == '=' && (rest.starts_with("\n") || rest.starts_with("\r\n"))) continue;
    if (c != '\\') {
      out += c;
      continue;
    }
    const char kind = rest.empty() ? '\0' : rest[0];
    if (kind == 'n' || kind == 'r' || kind == 't') ++i;
    const std::size_t digits = kind == 'u' ? 4 : kind == 'x' ? 2 : 0;
    if (digits == 0 || rest.size() < 1 + digits) continue;
    const std::string_view number = rest.substr(1, digits);
    if (number.find_first_not_of(kHexDigits) != std::string_view::npos) continue;
    std::size_t value = 0;
    for (const char digit : number) value = value * 16 + hex_value(digit);
    if (kind == 'u' && value >= 0x80) continue;
    out += static_cast<char>(value);
    i += 1 + digits;
  }
  return out == text ? "" : out;
}

template <typename Decode>
std::string simply_decoded(std::string_view text, std::string_view digits, std::size_t shortest,
                           Decode decode) {
  std::string out;
  while (!text.empty()) {
    const std::size_t size = std::min(text.find_first_not_of(digits), text.size());
    if (size >= shortest) out += decode(text.substr(0, size));
    text.remove_prefix(std::min(text.size(), size + 1));
  }
  return out;
}

std::string hex_decoded(std::string_view run) {
  std::string out;
  for (std::size_t i = 0; i + 1 < run.size(); i += 2)
    out += static_cast<char>(hex_value(run[i]) * 16 + hex_value(run[i + 1]));
  return out;
}

/// Calls `check` with texts of every kind of byte, in which runs of all lengths begin and end at
/// all places of a block.
template <typename Check>
void for_many_texts(Check check) {
  std::mt19937 random(7);
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  const std::string_view alphabets[] = {
      kHexDigits, kBase64Digits, all,       " \n=\r\\nux41"sv,
      "\\x4u0"sv, "abc \n"sv,    "\0\0a"sv, "=\r\nabcdefghijklmnopqrstuvwxyz0123456789"sv};
  for (int round = 0; round < 6000; ++round) {
    std::string text;
    for (std::size_t pieces = random() % 5; pieces > 0; --pieces) {
      const std::string_view alphabet = alphabets[random() % std::size(alphabets)];
      for (std::size_t size = random() % 150; size > 0; --size)
        text += alphabet[random() % alphabet.size()];
      if (random() % 2) text += " \n=.\\%"[random() % 6];
    }
    // A copy of exactly this size, so that a sanitizer sees what is read beyond it.
    const std::vector<char> exact(text.begin(), text.end());
    check(std::string_view(exact.data(), exact.size()));
  }
}

TEST(Readings, SqueezeAsReadByteByByte) {
  for_many_texts(
      [](std::string_view text) { ASSERT_EQ(squeezed(text), simply_squeezed(text)) << text; });
}

TEST(Readings, DecodeRunsAsReadByteByByte) {
  for_many_texts([](std::string_view text) {
    ASSERT_EQ(base64_runs(text), simply_decoded(text, kBase64Digits, 24, base64_decoded)) << text;
    ASSERT_EQ(hex_runs(text), simply_decoded(text, kHexDigits, 32, hex_decoded)) << text;
  });
}

TEST(Readings, DecodeRunsThatAreLongerThanABuffer) {
  std::string bytes(200'001, '\0');
  std::mt19937 random(5);
  for (char& byte : bytes) byte = static_cast<char>(random());
  EXPECT_EQ(base64_runs("<" + base64_inside(bytes, 0, false) + ">"), bytes);
  EXPECT_EQ(hex_runs("<" + hex_of(bytes) + ">"), bytes);
}

TEST(XorSearchTest, TellsWhatStandsPlainlyFromWhatIsMaskedAtEachPlace) {
  const std::string plain = "q7Gd0mVYp2sLxTzK4nRbJ8wE";
  const std::string masked = "h3Fk9cUXo1rNvSyQ6aMtI5uB";
  const XorSearch search({plain, masked, "too short to be found"});
  std::string under_key = masked;
  for (char& c : under_key) c = static_cast<char>(c ^ 0x2a);
  for (std::size_t before = 0; before < 80; ++before) {
    for (const std::size_t after : {0, 1, 40}) {
      const std::string text =
          std::string(before, 'x') + under_key + plain + std::string(after, 'y');
      EXPECT_THAT(search.find(text).plain, ElementsAre(0));
      EXPECT_THAT(search.find(text).masked, ElementsAre(1));
    }
  }
  EXPECT_THAT(search.find(plain.substr(1)).plain, IsEmpty());
  const XorSearch::Found both = search.find(under_key + masked);
  EXPECT_THAT(both.plain, ElementsAre(1));
  EXPECT_THAT(both.masked, ElementsAre(1));
}

}  // namespace
}  // namespace skillaudit
