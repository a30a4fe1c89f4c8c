#include "harness/sensors/multi_pattern.h"

#include <gmock/gmock.h>

#include <random>

#include "harness/base/error.h"

namespace skillaudit {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using namespace std::string_literals;

TEST(MultiPatternTest, FindsPatternsAtTheStartTheMiddleAndTheEnd) {
  const MultiPattern matcher({"one", "two", "three", "four"});
  EXPECT_THAT(matcher.find("one and two and three"), ElementsAre(0, 1, 2));
  EXPECT_THAT(matcher.find("on etwthre"), IsEmpty());
  EXPECT_THAT(matcher.find(""), IsEmpty());
}

TEST(MultiPatternTest, FindsPatternsThatOverlapOrHoldEachOther) {
  const MultiPattern matcher({"he", "she", "his", "hers", "e"});
  EXPECT_THAT(matcher.find("ushers"), ElementsAre(0, 1, 3, 4));
  EXPECT_THAT(matcher.find("sh"), IsEmpty());
  EXPECT_THAT(matcher.find("she"), ElementsAre(0, 1, 4));
}

TEST(MultiPatternTest, FallsBackWithoutLosingAPrefix) {
  const MultiPattern matcher({"aab", "abaabb"});
  EXPECT_THAT(matcher.find("abaab"), ElementsAre(0));
  EXPECT_THAT(matcher.find("aabaabb"), ElementsAre(0, 1));
}

TEST(MultiPatternTest, ReportsAPatternThatWasGivenTwice) {
  EXPECT_THAT(MultiPattern({"x", "y", "x"}).find("x"), ElementsAre(0, 2));
}

TEST(MultiPatternTest, AcceptsNoPatternsAndRefusesAnEmptyOne) {
  EXPECT_THAT(MultiPattern({}).find("anything"), IsEmpty());
  EXPECT_THROW(MultiPattern({"a", ""}), Error);
}

TEST(MultiPatternTest, TakesAnyByte) {
  const MultiPattern matcher({"\0\xff"s, "\x80\0"s});
  EXPECT_THAT(matcher.find("a\x80\0\xff"s), ElementsAre(0, 1));
}

TEST(MultiPatternTest, WorksWhenPatternsUseAll256Bytes) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  const MultiPattern matcher({all, "\xfe\xff\x01"s});
  EXPECT_THAT(matcher.find("x" + all), ElementsAre(0));
  EXPECT_THAT(matcher.find("x" + all + "\x01"), ElementsAre(0, 1));
}

TEST(MultiPatternTest, AgreesWithPlainSearchOnRandomText) {
  std::mt19937 random(20241118);
  const auto word = [&](std::size_t longest) {
    std::string text(1 + random() % longest, '\0');
    for (char& c : text) c = static_cast<char>("abc"[random() % 3]);
    return text;
  };
  for (int round = 0; round < 400; ++round) {
    std::vector<std::string> patterns;
    for (std::size_t i = 0, n = 1 + random() % 12; i < n; ++i) patterns.push_back(word(6));
    const std::string text = word(40);
    std::vector<std::size_t> expected;
    for (std::size_t i = 0; i < patterns.size(); ++i) {
      if (text.find(patterns[i]) != std::string::npos) expected.push_back(i);
    }
    ASSERT_EQ(MultiPattern(patterns).find(text), expected) << text;
  }
}

TEST(MultiPatternTest, StaysLinearOnTextMadeToMatchEverywhere) {
  // Each position ends 500 patterns; told one by one that would be 500 million reports.
  std::vector<std::string> patterns;
  for (std::size_t length = 1; length <= 500; ++length)
    patterns.push_back(std::string(length, 'a'));
  EXPECT_EQ(MultiPattern(patterns).find(std::string(1 << 20, 'a')).size(), 500U);
}

}  // namespace
}  // namespace skillaudit
