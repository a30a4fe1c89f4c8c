#include "harness/skill/front_matter.h"

#include <gmock/gmock.h>

#include <string>

namespace skillaudit {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

FrontMatter parse(const std::string& head, const std::string& body = "\nText.\n") {
  return parse_front_matter("---\n" + head + "---\n" + body);
}

TEST(FrontMatter, HoldsTheFieldsOfTheFormat) {
  const FrontMatter head = parse(
      "name: demo-2\ndescription: Shows things.\nlicense: MIT\ncompatibility: Needs bash.\n"
      "metadata:\n  author: ann\nallowed-tools: Bash Read\n");
  EXPECT_EQ(head.name, "demo-2");
  EXPECT_EQ(head.name_position, "SKILL.md:2:7");
  EXPECT_EQ(head.description, "Shows things.");
  EXPECT_EQ(head.license, "MIT");
  EXPECT_EQ(head.compatibility, "Needs bash.");
  EXPECT_EQ(head.allowed_tools, "Bash Read");
  EXPECT_TRUE(head.has_body);
  EXPECT_THAT(head.notes, IsEmpty());
}

TEST(FrontMatter, TakesAllowedToolsAsAList) {
  EXPECT_EQ(parse("name: x\ndescription: y\nallowed-tools: [Bash, Read]\n").allowed_tools,
            "Bash, Read");
}

TEST(FrontMatter, NotesFieldsThatTheFormatDoesNotKnow) {
  EXPECT_THAT(parse("name: x\ndescription: y\nmodel: large\n").notes,
              ElementsAre("SKILL.md:4: the field `model` is not part of the Agent Skills format"));
}

TEST(FrontMatter, NotesMetadataThatIsNoMap) {
  EXPECT_THAT(parse("name: x\ndescription: y\nmetadata: ann\n").notes,
              ElementsAre("SKILL.md:4: `metadata` should be a map, but it is text"));
}

TEST(FrontMatter, NotesMetadataThatIsNoMapOfTexts) {
  EXPECT_THAT(parse("name: x\ndescription: y\nmetadata:\n  a: b\n  c: [d]\n").notes,
              ElementsAre("SKILL.md:6: `metadata` should map texts to texts, but it holds a list"));
}

TEST(FrontMatter, NotesACompatibilityThatSaysNothing) {
  for (const char* empty : {"compatibility:\n", "compatibility: \"  \"\n"})
    EXPECT_THAT(
        parse(std::string("name: x\ndescription: y\n") + empty).notes,
        ElementsAre(
            "SKILL.md:4: `compatibility` is empty: write 1 to 500 characters, or remove it"));
}

TEST(FrontMatter, NotesABodyOfMoreThanFiveHundredLines) {
  const auto body = [](int lines) {
    std::string text = "\n";
    for (int i = 0; i < lines; ++i) text += "Line.\n";
    return text + "\n\n";
  };
  EXPECT_THAT(parse("name: x\ndescription: y\n", body(500)).notes, IsEmpty());
  EXPECT_THAT(parse("name: x\ndescription: y\n", body(501)).notes,
              ElementsAre(HasSubstr("SKILL.md has 501 lines of instructions")));
}

TEST(FrontMatter, KnowsTheLineOfAllowedTools) {
  EXPECT_EQ(parse("name: x\ndescription: y\nallowed-tools: Read\n").allowed_tools_line, 4);
  EXPECT_EQ(parse("name: x\ndescription: y\n").allowed_tools_line, 0);
}

TEST(FrontMatter, CountsCharactersAndNotBytes) {
  std::string description;
  for (int i = 0; i < 1024; ++i) description += "é";
  EXPECT_EQ(parse("name: x\ndescription: " + description + "\n").description, description);
}

TEST(FrontMatter, AcceptsANameOfSixtyFourCharacters) {
  const std::string name(64, 'a');
  EXPECT_EQ(parse("name: " + name + "\ndescription: y\n").name, name);
}

TEST(FrontMatter, AcceptsWindowsLineEnds) {
  const FrontMatter head =
      parse_front_matter("---\r\nname: x\r\ndescription: y\r\n---\r\n\r\nText.\r\n");
  EXPECT_EQ(head.name, "x");
  EXPECT_EQ(head.description, "y");
  EXPECT_THAT(head.notes, ElementsAre(HasSubstr("CR LF")));
}

TEST(FrontMatter, ReadsAnUnquotedColonAsText) {
  const FrontMatter head = parse(
      "name: x\ndescription: Two steps: count, then \"print\"\n  and it's done: here\n"
      "allowed-tools: Bash\n");
  EXPECT_EQ(head.name, "x");
  EXPECT_EQ(head.description, "Two steps: count, then \"print\" and it's done: here");
  EXPECT_EQ(head.allowed_tools, "Bash");
  EXPECT_EQ(head.allowed_tools_line, 5);
  EXPECT_THAT(head.notes, ElementsAre(HasSubstr("SKILL.md:3:23: broken YAML")));
}

TEST(FrontMatter, ReadsBrokenYamlByKeys) {
  const FrontMatter head = parse(
      "\tstray\nname: x\nname: second\ndescription: >-\n\ttabs: here\n\tand there\n"
      "metadata:\n  author: ann\nallowed-tools: [Bash, Read\n");
  EXPECT_EQ(head.name, "x");
  EXPECT_EQ(head.description, "tabs: here and there");
  EXPECT_EQ(head.allowed_tools, "[Bash, Read");
  EXPECT_THAT(head.notes, ElementsAre(HasSubstr("broken YAML")));
}

TEST(FrontMatter, TakesTheFirstParagraphWithoutADescription) {
  EXPECT_EQ(parse("name: x\n", "\n# Count  \n\nText.\n").description, "Count");
  const FrontMatter head = parse_front_matter("Counts\nlines.\n\nMore.\n");
  EXPECT_EQ(head.name, "");
  EXPECT_EQ(head.description, "Counts lines.");
  EXPECT_TRUE(head.has_body);
  EXPECT_THAT(head.notes, ElementsAre(HasSubstr("there is no front matter")));
}

TEST(FrontMatter, SaysThatAFileGivesNothingToLoad) {
  for (const char* nothing : {"", "\n\n", "---\n", "\xef\xbb\xbf"})
    EXPECT_THAT(parse_front_matter(nothing).not_loadable,
                HasSubstr("neither front matter nor text"))
        << nothing;
  EXPECT_EQ(parse("name: x\n").not_loadable, "");
}

TEST(FrontMatter, ReadsNoKeyOfAHeadThatIsTooLargeButSeesHooks) {
  const std::string large = "x: " + std::string(70'000, 'y') + "\n";
  const FrontMatter head = parse(large + "hooks:\n  Stop: []\n", "\nDoes it.\n");
  EXPECT_EQ(head.name, "");
  EXPECT_EQ(head.description, "Does it.");
  EXPECT_TRUE(head.has_hooks && head.has_body);
  EXPECT_FALSE(parse(large).has_hooks);
  EXPECT_THAT(head.notes, ElementsAre(HasSubstr("no more than 64 KiB are read")));
}

TEST(FrontMatter, NamesCharactersThatLookLikeOthersOrLikeNothing) {
  EXPECT_THAT(parse("name: p\u0430y\u200bpal\ndescription: y\n").notes,
              ElementsAre(AllOf(HasSubstr("U+0430 CYRILLIC SMALL LETTER A"),
                                HasSubstr("U+200B ZERO WIDTH SPACE"))));
}

TEST(FrontMatter, NotesAByteOrderMark) {
  const FrontMatter head = parse_front_matter("\xef\xbb\xbf---\nname: x\ndescription: y\n---\n");
  EXPECT_THAT(head.notes, ElementsAre(HasSubstr("byte order mark")));
}

TEST(FrontMatter, SaysWhetherInstructionsFollow) {
  EXPECT_FALSE(parse("name: x\ndescription: y\n", " \n\n").has_body);
}

TEST(FrontMatter, CountsItsOwnLines) {
  EXPECT_EQ(front_matter_lines("---\nname: x\n---\nText\n"), 3);
  EXPECT_EQ(front_matter_lines("# Title\n---\n---\n"), 0);
  EXPECT_EQ(front_matter_lines("---\nnever closed\n"), 0);
}

}  // namespace
}  // namespace skillaudit
