#include "harness/changes/changes_diff.h"

#include <fmt/core.h>
#include <gmock/gmock.h>

namespace skillaudit {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::string numbered(int from, int to) {
  std::string text;
  for (int i = from; i < to; ++i) text += fmt::format("line {}\n", i);
  return text;
}

TEST(UnifiedDiff, ShowsChangedLinesWithSomeLinesAroundThem) {
  std::string after = numbered(0, 10);
  after.replace(after.find("line 5"), 6, "LINE 5");
  EXPECT_EQ(unified_diff(numbered(0, 10), after),
            "@@ -3,8 +3,8 @@\n line 2\n line 3\n line 4\n-line 5\n+LINE 5\n line 6\n line 7\n line "
            "8\n line 9\n");
}

TEST(UnifiedDiff, OfANewOrDeletedTextHasNoContext) {
  EXPECT_EQ(unified_diff("", "a\nb\n"), "@@ -0,0 +1,2 @@\n+a\n+b\n");
  EXPECT_EQ(unified_diff("a\n", ""), "@@ -1,1 +0,0 @@\n-a\n");
}

TEST(UnifiedDiff, SeesALostLineFeedAtTheEnd) {
  EXPECT_THAT(unified_diff("a\n", "a"), HasSubstr("+\\ No newline at end of file"));
}

TEST(UnifiedDiff, IsSafeToShow) {
  const std::string diff = unified_diff("", "\x1b[2J\r\xff\n");
  EXPECT_EQ(diff, "@@ -0,0 +1,1 @@\n+\\x1b[2J\\r\\xff\n");
}

TEST(UnifiedDiff, OfABinaryOrLargeTextGivesTheSizesOnly) {
  const std::string binary("a\0b", 3);
  EXPECT_EQ(unified_diff("abc", binary), "binary or too large to compare: 3 B before, 3 B after\n");
  EXPECT_THAT(unified_diff("", std::string(6000, '\n')), HasSubstr("too large"));
}

TEST(UnifiedDiff, OfLongTextsWithoutACommonLineIsStillWholeAndQuick) {
  const std::string diff =
      unified_diff("head\n" + numbered(0, 1500), "head\n" + numbered(2000, 3500));
  EXPECT_THAT(diff, testing::StartsWith("@@ -2,1500 +2,1500 @@\n-line 0\n"));
  EXPECT_THAT(diff, HasSubstr("+line 3499\n"));
}

TEST(UnifiedDiff, IsCutAtALineAndSaysSo) {
  const std::string diff = unified_diff("", numbered(0, 4999) + std::string(200'000, 'x') + "\n");
  EXPECT_LE(diff.size(), 66'000U);
  EXPECT_TRUE(diff.ends_with("\n… 1 more line\n"));
}

TEST(ChangedConfig, MergesTwoSortedLists) {
  const auto diffs = changed_config({{"/a", "1\n"}, {"/b", "1\n"}, {"/c", "1\n"}},
                                    {{"/b", "2\n"}, {"/c", "1\n"}, {"/d", ""}});
  ASSERT_THAT(diffs, SizeIs(3));
  EXPECT_EQ(diffs[0].path, "/a");
  EXPECT_EQ(diffs[0].kind, ChangeKind::Deleted);
  EXPECT_EQ(diffs[1].path, "/b");
  EXPECT_EQ(diffs[1].unified, "@@ -1,1 +1,1 @@\n-1\n+2\n");
  EXPECT_EQ(diffs[2].path, "/d");
  EXPECT_EQ(diffs[2].kind, ChangeKind::Added);
}

}  // namespace
}  // namespace skillaudit
