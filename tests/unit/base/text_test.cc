#include "harness/base/text.h"

#include <gmock/gmock.h>

#include "harness/base/process.h"

namespace skillaudit {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using namespace std::string_literals;

TEST(Printable, KeepsOrdinaryText) {
  EXPECT_EQ(printable("naïve 日本語 ⚠️ 😀 ~!"), "naïve 日本語 ⚠️ 😀 ~!");
}

TEST(Printable, EscapesControlCharacters) {
  EXPECT_EQ(printable("a\nb\rc\td\x1b[31m\0\x7f"s), "a\\nb\\rc\\td\\x1b[31m\\x00\\x7f");
  EXPECT_EQ(printable("\xc2\x85\xc2\x9b"), "\\u0085\\u009b") << "C1 controls move terminals too";
}

TEST(Printable, EscapesBytesThatAreNotUtf8) {
  EXPECT_EQ(printable("\xff"), "\\xff");
  EXPECT_EQ(printable("a\xc3"), "a\\xc3") << "cut at the end";
  EXPECT_EQ(printable("\xc0\xaf"), "\\xc0\\xaf") << "overlong slash";
  EXPECT_EQ(printable("\xe0\x80\x80"), "\\xe0\\x80\\x80") << "overlong NUL";
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80") << "a surrogate";
  EXPECT_EQ(printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80") << "above U+10FFFF";
  EXPECT_EQ(printable("\xf8\x88\x80\x80\x80"), "\\xf8\\x88\\x80\\x80\\x80");
}

TEST(Printable, TellsAByteFromACharacterOfTheSameNumber) {
  EXPECT_NE(printable("\x85"), printable("\xc2\x85"));
}

TEST(Printable, EscapesBidirectionalOverridesAndWhatCannotBeSeen) {
  EXPECT_EQ(printable("a\u202etxt.exe"), "a\\u202etxt.exe");
  EXPECT_EQ(printable("\u2066\u2069\u200f\u061c"), "\\u2066\\u2069\\u200f\\u061c");
  EXPECT_EQ(printable("\u200b\ufeff\u00ad\u2060\u3164\u180e"),
            "\\u200b\\ufeff\\u00ad\\u2060\\u3164\\u180e");
  EXPECT_EQ(printable("\u2028"), "\\u2028");
  EXPECT_EQ(printable("\U000e0041"), "\\U000e0041") << "tag characters hide text";
  EXPECT_EQ(printable("\U000e0100"), "\\U000e0100")
      << "so do the variation selectors above the first 16";
}

TEST(Printable, EscapesTheNoncharactersThatNoXmlMayHold) {
  EXPECT_EQ(printable("\xef\xbf\xbe\xef\xbf\xbf"), "\\ufffe\\uffff");
  EXPECT_EQ(printable("\xef\xbf\xbd"), "\xef\xbf\xbd");
}

TEST(Printable, DoublesBackslashesSoThatNothingPosesAsAnEscape) {
  EXPECT_EQ(printable("\\x1b"), "\\\\x1b");
  EXPECT_NE(printable("\\x1b"), printable("\x1b"));
}

TEST(PrintableBlock, KeepsLayoutAndNothingElse) {
  EXPECT_EQ(printable_block("a\n\tb\r\n\x1b]0;title\x07 C:\\dir \u202e"),
            "a\n\tb\\r\n\\x1b]0;title\\x07 C:\\dir \\u202e");
}

TEST(AsUtf8, EscapesOnlyWhatIsNotUtf8) {
  EXPECT_EQ(as_utf8("a\n\x1b\\ ü\u202e"), "a\n\x1b\\ ü\u202e");
  EXPECT_EQ(as_utf8("\xff\xc3ok\xe2\x82"), "\\xff\\xc3ok\\xe2\\x82");
}

TEST(Shorten, LeavesShortTextAlone) {
  EXPECT_EQ(shorten("abc", 3), "abc");
  EXPECT_EQ(shorten("", 0), "");
}

TEST(Shorten, CutsBetweenCharacters) {
  EXPECT_EQ(shorten("abcd", 3), "abc…");
  EXPECT_EQ(shorten("aé", 2), "a…") << "é has two bytes";
  EXPECT_EQ(shorten("日本", 5), "日…");
  EXPECT_EQ(shorten("日本", 2), "…");
}

TEST(Split, DropsOnlyAnEmptyLastPart) {
  EXPECT_THAT(split("a,b,c", ','), ElementsAre("a", "b", "c"));
  EXPECT_THAT(split("a,,c,", ','), ElementsAre("a", "", "c"));
  EXPECT_THAT(split(",", ','), ElementsAre(""));
  EXPECT_THAT(split("", ','), IsEmpty());
  EXPECT_THAT(split("a\0b"s, '\0'), ElementsAre("a", "b"));
}

TEST(Trim, TakesSpaceFromBothEnds) {
  EXPECT_EQ(trim(" \t\r\n a b \n"), "a b");
  EXPECT_EQ(trim(" \n"), "");
  EXPECT_EQ(trim(""), "");
}

TEST(Join, PutsTheSeparatorBetween) {
  EXPECT_EQ(join({"a", "b", "c"}, ", "), "a, b, c");
  EXPECT_EQ(join({}, ", "), "");
}

TEST(CountOf, KnowsOneFromMany) {
  EXPECT_EQ(count_of(0, "file"), "0 files");
  EXPECT_EQ(count_of(1, "file"), "1 file");
  EXPECT_EQ(count_of(3, "file"), "3 files");
  EXPECT_EQ(count_of(2, "entry", "entries"), "2 entries");
}

TEST(HumanBytes, HasTwoDigitsAtLeastAndNeverATurnover) {
  EXPECT_EQ(human_bytes(0), "0 B");
  EXPECT_EQ(human_bytes(812), "812 B");
  EXPECT_EQ(human_bytes(1023), "1023 B");
  EXPECT_EQ(human_bytes(1024), "1.0 KiB");
  EXPECT_EQ(human_bytes(15 * 1024), "15 KiB");
  EXPECT_EQ(human_bytes(1258291), "1.2 MiB");
  EXPECT_EQ(human_bytes((1 << 20) - 1), "1.0 MiB") << "not 1024 KiB";
  EXPECT_EQ(human_bytes(10 * 1024 - 1), "10 KiB") << "not 10.0 KiB";
  EXPECT_EQ(human_bytes(~0ULL), "16777216 TiB");
}

TEST(ShellQuote, SurvivesARealShell) {
  for (const std::string& word :
       {"plain"s, "it's"s, "$(id) `id` \"x\" \\ *"s, "two\nlines"s, ""s, "'"s, "-n"s}) {
    EXPECT_EQ(check_output({"/bin/sh", "-c", "printf %s " + shell_quote(word)}), word);
  }
}

TEST(Nearest, OffersTheClosestCandidate) {
  const std::vector<std::string> names = {"report", "doctor", "version", "run"};
  EXPECT_EQ(nearest("reprot", names), "report");
  EXPECT_EQ(nearest("docter", names), "doctor");
  EXPECT_EQ(nearest("rnu", {"image", "run"}), "") << "two edits are far for three letters";
  EXPECT_EQ(nearest("rum", names), "run");
}

TEST(Nearest, OffersNothingWhenNothingIsNear) {
  EXPECT_EQ(nearest("xylophone", {"report", "run"}), "");
  EXPECT_EQ(nearest("report", {}), "");
}

}  // namespace
}  // namespace skillaudit
