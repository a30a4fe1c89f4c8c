#include "harness/base/glob.h"

#include <gtest/gtest.h>

#include <string>

namespace skillaudit {
namespace {

TEST(Glob, TakesTextWithoutWildcardsAsItStands) {
  EXPECT_TRUE(matches_glob("https://a.example", "https://a.example"));
  EXPECT_FALSE(matches_glob("https://a.example", "https://a.example.org"));
  EXPECT_FALSE(matches_glob("a.b", "axb"));
  EXPECT_TRUE(matches_glob("a[b]\\c", "a[b]\\c"));
}

TEST(Glob, LetsAStarStandForAnyRun) {
  EXPECT_TRUE(matches_glob("~/notes/*", "~/notes/2026/a.md"));
  EXPECT_TRUE(matches_glob("*", ""));
  EXPECT_TRUE(matches_glob("a*b*c", "a--b-b--c"));
  EXPECT_FALSE(matches_glob("a*b", "a--c"));
}

TEST(Glob, LetsAQuestionMarkStandForOneByte) {
  EXPECT_TRUE(matches_glob("log-?", "log-1"));
  EXPECT_FALSE(matches_glob("log-?", "log-"));
  EXPECT_FALSE(matches_glob("log-?", "log-12"));
}

TEST(Glob, EndsSoonForAPatternOfManyStars) {
  EXPECT_FALSE(matches_glob("*a*a*a*a*a*a*a*b", std::string(20'000, 'a')));
}

}  // namespace
}  // namespace skillaudit
