#include "harness/skill/markdown_blocks.h"

#include <gmock/gmock.h>

namespace skillaudit {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

TEST(MarkdownBlocks, HaveLineLanguageAndCode) {
  const auto blocks =
      code_blocks("# T\n\n```Bash title=\"x\"\nls\n\npwd\n```\ntext\n```\nplain\n```\n");
  ASSERT_THAT(blocks, SizeIs(2));
  EXPECT_EQ(blocks[0].line, 4);
  EXPECT_EQ(blocks[0].language, "bash");
  EXPECT_EQ(blocks[0].code, "ls\n\npwd\n");
  EXPECT_EQ(blocks[1].line, 10);
  EXPECT_EQ(blocks[1].language, "");
  EXPECT_EQ(blocks[1].code, "plain\n");
}

TEST(MarkdownBlocks, CountLinesOfTheFrontMatterButDoNotReadIt) {
  const auto blocks = code_blocks("---\na: |\n  ```sh\n  x\n  ```\n---\n```sh\ny\n```\n");
  ASSERT_THAT(blocks, SizeIs(1));
  EXPECT_EQ(blocks[0].line, 8);
  EXPECT_EQ(blocks[0].code, "y\n");
}

TEST(MarkdownBlocks, MayStandInLists) {
  const auto blocks =
      code_blocks("1. Do\n\n   ```sh\n   if x; then\n     y\n   fi\n   ```\n- ```sh\n  z\n  ```\n");
  ASSERT_THAT(blocks, SizeIs(2));
  EXPECT_EQ(blocks[0].code, "if x; then\n  y\nfi\n");
  EXPECT_EQ(blocks[1].code, "z\n");
}

TEST(MarkdownBlocks, MayStandInQuotations) {
  const auto blocks =
      code_blocks("> Note\n> ```sh\n> ls\n> ```\n\n> ```sh\n> a\nafter\n```sh\nb\n```\n");
  ASSERT_THAT(blocks, SizeIs(3));
  EXPECT_EQ(blocks[0].code, "ls\n");
  EXPECT_EQ(blocks[1].code, "a\n");
  EXPECT_EQ(blocks[2].code, "b\n");
}

TEST(MarkdownBlocks, EndAtAFenceOfTheirOwnKindAndLength) {
  const auto blocks = code_blocks("````md\n```sh\nls\n```\n````\n~~~sh\n```\npwd\n~~~\n");
  ASSERT_THAT(blocks, SizeIs(2));
  EXPECT_EQ(blocks[0].language, "md");
  EXPECT_EQ(blocks[0].code, "```sh\nls\n```\n");
  EXPECT_EQ(blocks[1].code, "```\npwd\n");
}

TEST(MarkdownBlocks, ReachToTheEndWhenNeverClosed) {
  const auto blocks = code_blocks("```sh\nls\n");
  ASSERT_THAT(blocks, SizeIs(1));
  EXPECT_EQ(blocks[0].code, "ls\n");
}

TEST(MarkdownBlocks, InHtmlCommentsAreNotSeen) {
  EXPECT_THAT(code_blocks("<!--\n```sh\nls\n```\n-->\n<!-- x -->\ntext\n"), IsEmpty());
}

TEST(MarkdownBlocks, AreNotCodeWithinALine) {
  EXPECT_THAT(code_blocks("```ls``` is code\n"), IsEmpty());
}

TEST(MarkdownBlocks, KnowOtherSpellingsOfTheLanguage) {
  EXPECT_EQ(code_blocks("```{.bash}\nx\n```\n").at(0).language, "bash");
  EXPECT_EQ(code_blocks("```{python}\nx\n```\n").at(0).language, "python");
  EXPECT_EQ(code_blocks("```sh:run.sh\nx\n```\n").at(0).language, "sh");
}

TEST(MarkdownBlocks, AreReadWithWindowsLineEnds) {
  const auto blocks = code_blocks("```sh\r\nls\r\n```\r\ntext\r\n");
  ASSERT_THAT(blocks, SizeIs(1));
  EXPECT_EQ(blocks[0].language, "sh");
  EXPECT_EQ(blocks[0].code, "ls\n");
}

}  // namespace
}  // namespace skillaudit
