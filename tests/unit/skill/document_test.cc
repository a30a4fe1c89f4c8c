#include "harness/skill/document.h"

#include <fmt/core.h>
#include <gmock/gmock.h>

#include <chrono>

namespace skillaudit {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

/// "paragraph 3:1 text", with "*" before what begins an item.
std::vector<std::string> shown(std::string_view markdown) {
  static constexpr const char* kNames[] = {"heading", "paragraph", "row",
                                           "fence",   "indented",  "comment"};
  std::vector<std::string> lines;
  for (const Block& block : parse_document(markdown).blocks)
    lines.push_back(fmt::format("{}{} {}:{} {}", block.item ? "*" : "",
                                kNames[static_cast<int>(block.kind)], block.line, block.column,
                                block.text));
  return lines;
}

TEST(Document, IsItsBlocksInOrderWithWhereTheyStand) {
  EXPECT_THAT(
      shown("---\nname: x\n---\n# A *title*\n\nSome\ntext.\n\n- one\n- two\n\n  more\n> q\n"),
      ElementsAre("heading 4:1 A title", "paragraph 6:1 Some text.", "*paragraph 9:3 one",
                  "*paragraph 10:3 two", "paragraph 12:3 more", "paragraph 13:3 q"));
}

TEST(Document, TellsFencedFromIndentedCode) {
  EXPECT_THAT(shown("```sh title\nls\n```\n\n    make\n\n    all\n\n1. x\n\n       in\n"),
              ElementsAre("fence 1:1 ls\n", "indented 5:5 make\n\nall\n", "*paragraph 9:4 x",
                          "indented 11:8 in\n"));
  EXPECT_EQ(parse_document("~~~ sh title\n~~~\n").blocks.at(0).info, "sh title");
}

TEST(Document, ReadsTablesRowByRow) {
  EXPECT_THAT(shown("| a | `b` |\n|---|---|\n| c | d |\n"),
              ElementsAre("row 1:1 a | b", "row 3:1 c | d"));
}

TEST(Document, KeepsCodeLinksAndImagesApartFromText) {
  const auto blocks =
      parse_document("Run `make` and\nsee [the `x` page](a.md) ![p](q.png).").blocks;
  ASSERT_THAT(blocks, SizeIs(1));
  EXPECT_EQ(blocks[0].text, "Run make and see the x page .");
  std::vector<std::string> inlines;
  for (const Inline& each : blocks[0].inlines)
    inlines.push_back(
        fmt::format("{} {} {} {}", static_cast<int>(each.kind), each.line, each.text, each.target));
  EXPECT_THAT(inlines, ElementsAre("0 1 Run  ", "1 1 make ", "0 1  and ", "0 1   ", "0 2 see  ",
                                   "2 2 the `x` page a.md", "0 2   ", "3 2 p q.png", "0 2 . "));
}

TEST(Document, LeavesOutOfItsTextWhatNobodySees) {
  EXPECT_THAT(
      shown("a <!-- b --> c\n\n<!-- d\n\ne -->\n\n<!-- f --> g\n"),
      ElementsAre("paragraph 1:1 a  c", "comment 3:1 <!-- d\n\ne -->\n", "paragraph 7:1  g\n"));
  EXPECT_THAT(shown("a <span hidden>b</span> <span style=\"display: none\">c</span> d"),
              ElementsAre("paragraph 1:1 a   d"));
  EXPECT_THAT(shown("<style>\nb\n</style>\nc\n\n<div hidden>\n\nd\n\n</div>\n\ne <b>f</b><br>g"),
              ElementsAre("paragraph 1:1  c", "paragraph 6:1 ", "paragraph 8:1 ", "paragraph 10:1 ",
                          "paragraph 12:1 e fg"));
  EXPECT_THAT(shown("<template>\n\na\n"), ElementsAre("paragraph 1:1 ", "paragraph 3:1 "));
}

TEST(Document, SeesMarkdownInsideTags) {
  EXPECT_THAT(shown("<example>\n```sh\nls\n\npwd\n```\n</example>\n<https://a.example/> b\n"),
              ElementsAre("paragraph 1:1 ", "fence 2:1 ls\n\npwd\n",
                          "paragraph 7:1  https://a.example/ b"));
  EXPECT_THAT(shown("```html\n<div>\n</div>\n```\n"), ElementsAre("fence 1:1 <div>\n</div>\n"));
}

TEST(Document, CountsLinesByLineFeedsAlone) {
  EXPECT_THAT(shown("a\r\n\r\nb\r\rc\r\nd\n"),
              ElementsAre("paragraph 1:1 a", "paragraph 3:1 b", "paragraph 3:1 c d"));
}

TEST(Document, TakesAnyBytes) {
  EXPECT_THAT(shown("a\xff\xfe\xc0 b\n"), ElementsAre("paragraph 1:1 a\xef\xbf\xbd b"));
  EXPECT_THAT(shown(std::string_view("a\0b", 3)), ElementsAre("paragraph 1:1 a\xef\xbf\xbd"
                                                              "b"));
  EXPECT_THAT(shown("```sh\n\xff\n```\n"), ElementsAre("fence 1:1 \xef\xbf\xbd\n"));
  EXPECT_THAT(shown(""), IsEmpty());
  EXPECT_THAT(shown("---\nname: x\n---\n"), IsEmpty());
}

std::string times(std::size_t n, std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < n; ++i) result += text;
  return result;
}

std::string nested_list(std::size_t depth) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += std::string(2 * i, ' ') + "- a\n";
  return text;
}

TEST(Document, OfAThousandNestedListsIsRead) {
  const auto blocks = parse_document(nested_list(1000)).blocks;
  ASSERT_THAT(blocks, SizeIs(1000));
  EXPECT_EQ(blocks[999].line, 1000);
  EXPECT_THAT(parse_document(times(1000, "> ") + "a").blocks, SizeIs(1));
  EXPECT_THAT(parse_document(times(1000, "- ") + "a").blocks, SizeIs(1));
}

TEST(Document, NestedSoDeepThatItCouldNotBeReadSaysSo) {
  EXPECT_EQ(parse_document(nested_list(300) + times(900'000, "\n")).problem,
            "its lists and quotations are nested too deep");
  EXPECT_EQ(parse_document(times(2000, "- ") + "a\nb\n" + times(50'000, "\n")).problem,
            "its lists and quotations are nested too deep");
  EXPECT_EQ(parse_document(std::string((16 << 20) + 1, 'a')).problem, "it is larger than 16 MiB");
}

/// Each takes long where nothing bounds it, or did in some release of cmark-gfm.
TEST(Document, OfHostileTextIsReadInBoundedTime) {
  const auto start = std::chrono::steady_clock::now();
  for (const std::string& text :
       {times(1 << 18, "|") + "\n" + times(1 << 17, "|-") + "\n", times(1 << 17, "a\n") + "-|-\n",
        times(400, "|a") + "\n" + times(400, "|-") + "\n" + times(100'000, "|\n"),
        times(1 << 16, "["), times(1 << 16, "![["), times(1 << 16, "*a_ "), times(1 << 16, "_["),
        times(1 << 16, "> "), times(1 << 16, "<a "), times(1 << 16, "<!--"),
        std::string(10 << 20, 'x'), times(10 << 10, std::string(1022, 'x') + "\n\n")})
    EXPECT_EQ(parse_document(text).problem, "") << text.substr(0, 20);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

}  // namespace
}  // namespace skillaudit
