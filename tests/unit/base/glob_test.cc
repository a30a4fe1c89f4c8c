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

TEST(PathGlob, LetsAStarStandForAnyRunWithinOneFolder) {
  EXPECT_TRUE(matches_path_glob("/home/*/.cache", "/home/ubuntu/.cache"));
  EXPECT_TRUE(matches_path_glob("/var/log/*.log", "/var/log/.log"));
  EXPECT_FALSE(matches_path_glob("/home/*/.cache", "/home/ubuntu/x/.cache"));
  EXPECT_FALSE(matches_path_glob("/home/*", "/home/ubuntu/.cache"));
}

TEST(PathGlob, LetsTwoStarsStandForAnyRun) {
  EXPECT_TRUE(matches_path_glob("/var/**", "/var/lib/apt/lists"));
  EXPECT_TRUE(matches_path_glob("/var/**/lock", "/var/lib/apt/lock"));
  EXPECT_TRUE(matches_path_glob("/usr/**/__pycache__/*.pyc", "/usr/lib/a/b/__pycache__/c.pyc"));
  EXPECT_FALSE(matches_path_glob("/usr/**/__pycache__/*.pyc", "/usr/lib/__pycache__/c/d.pyc"));
  EXPECT_FALSE(matches_path_glob("/var/**/lock", "/var/lock"));
}

TEST(PathGlob, GoesBackToTheTwoStarsWhenAStarHasNoMoreRoom) {
  EXPECT_TRUE(matches_path_glob("**/a*b/c", "/a1/a2b/c"));
  EXPECT_TRUE(matches_path_glob("**/a*b/c", "/ab/d/aab/c"));
  EXPECT_FALSE(matches_path_glob("**/a*b/c", "/ab/d/aab/d"));
}

TEST(PathGlob, TakesEverythingElseAsItStands) {
  EXPECT_TRUE(matches_path_glob("/a?[b]", "/a?[b]"));
  EXPECT_FALSE(matches_path_glob("/a?", "/ab"));
  EXPECT_TRUE(matches_path_glob("", ""));
  EXPECT_TRUE(matches_path_glob("/a*", "/a"));
}

TEST(PathGlob, EndsSoonForAPatternOfManyStars) {
  EXPECT_FALSE(matches_path_glob("*a*a*a*a*a*a*a*b", std::string(20'000, 'a')));
}

}  // namespace
}  // namespace skillaudit
