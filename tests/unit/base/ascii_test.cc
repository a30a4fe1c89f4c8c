#include "harness/base/ascii.h"

#include <gtest/gtest.h>

namespace skillaudit {
namespace {

TEST(AsciiLower, ChangesLettersOfAsciiAlone) {
  EXPECT_EQ(ascii_lower("API.Example.org:8443"), "api.example.org:8443");
  EXPECT_EQ(ascii_lower("@[`{"), "@[`{");
  EXPECT_EQ(ascii_lower("\xc3\x84"), "\xc3\x84");
  EXPECT_EQ(ascii_lower(""), "");
}

}  // namespace
}  // namespace skillaudit
