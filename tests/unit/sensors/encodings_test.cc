#include "harness/sensors/encodings.h"

#include <gmock/gmock.h>

#include <set>

#include "harness/base/process.h"

namespace skillaudit {
namespace {

using testing::HasSubstr;

/// What a tool of the system makes of `input`: an opinion that is not ours.
std::string tool(const std::vector<std::string>& argv, const std::string& input) {
  CommandOptions options;
  options.input = input;
  return check_output(argv, options);
}

constexpr const char* kSecret = "Zq3/W+k9vR_tX-0aLmN8bYcD7eFgH1";

class Offset : public testing::TestWithParam<unsigned> {};

TEST_P(Offset, Base64InsideStandsInTheBase64OfTheSecretAmongNeighbours) {
  const std::string inside = base64_inside(kSecret, GetParam() % 3, false);
  for (const char* after : {"", "~", "~~", "~~~"}) {
    const std::string text =
        tool({"base64", "-w0"}, std::string(GetParam(), '\xf7') + kSecret + after);
    EXPECT_THAT(text, HasSubstr(inside));
    EXPECT_GE(inside.size() + 2, std::string(kSecret).size() * 4 / 3)
        << "no more than the edges is cut";
  }
}

TEST_P(Offset, Base32InsideStandsInTheBase32OfTheSecretAmongNeighbours) {
  const std::string inside = base32_inside(kSecret, GetParam() % 5);
  for (const char* after : {"", "~", "~~", "~~~", "~~~~"}) {
    EXPECT_THAT(tool({"base32", "-w0"}, std::string(GetParam(), '\xf7') + kSecret + after),
                HasSubstr(inside));
  }
}

INSTANTIATE_TEST_SUITE_P(All, Offset, testing::Range(0U, 8U));

TEST(Encodings, Base64DecodedUndoesBothAlphabets) {
  const std::string bytes("\xfb\xef\xbe\x00\xff\x01\x02", 7);
  EXPECT_EQ(base64_decoded(tool({"base64", "-w0"}, bytes)), bytes);
  EXPECT_EQ(base64_decoded(base64url(bytes)), bytes);
}

TEST(Encodings, Base64UrlMatchesRfc4648) {
  EXPECT_EQ(base64url(""), "");
  EXPECT_EQ(base64url("f"), "Zg");
  EXPECT_EQ(base64url("fo"), "Zm8");
  EXPECT_EQ(base64url("foo"), "Zm9v");
  EXPECT_EQ(base64url("foob"), "Zm9vYg");
  EXPECT_EQ(base64url("\xfb\xff"), "-_8");
}

TEST(Encodings, HexIsLowerCase) { EXPECT_EQ(hex_of(std::string("\0\xab", 2)), "00ab"); }

TEST(Needles, AreLongEnoughAndDifferent) {
  std::set<std::string> seen;
  for (const Needle& needle : needles_of(kSecret)) {
    EXPECT_GE(needle.bytes.size(), 24U) << needle.encoding;
    EXPECT_TRUE(seen.insert(needle.bytes).second) << needle.encoding << " twice";
  }
  EXPECT_EQ(seen.size(), 20U) << "with '/' and '_' in it, it is nobody's Base64";
}

}  // namespace
}  // namespace skillaudit
