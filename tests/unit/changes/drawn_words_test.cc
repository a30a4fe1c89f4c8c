#include "harness/changes/drawn_words.h"

#include <gtest/gtest.h>

namespace skillaudit {
namespace {

TEST(DrawnWords, WordsOfPeopleStayAsTheyAre) {
  EXPECT_EQ(without_drawn_words("The service `reading-time.service` was installed on Debian"),
            "The service `reading-time.service` was installed on Debian");
  EXPECT_EQ(without_drawn_words("/tmp/tmp.qWeRtY and `x-8080`, v1.2."),
            "/tmp/tmp.* and `x-*`, *.*.");
  EXPECT_EQ(without_drawn_words("README.md in HOME"), "README.md in HOME");
  EXPECT_EQ(without_drawn_words(""), "");
}

}  // namespace
}  // namespace skillaudit
