#include "harness/skill/load.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "tests/unit/skill/skill_folder.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

const SkillText* text_at(const Skill& skill, const std::string& path) {
  const auto found = std::find_if(skill.texts.begin(), skill.texts.end(),
                                  [&](const SkillText& text) { return text.path == path; });
  return found == skill.texts.end() ? nullptr : &*found;
}

TEST(SkillTexts, TellDocumentsScriptsAndOtherTextsApart) {
  const SkillFolder folder;
  folder.write("README.md", "read me", 0755);
  folder.write("docs/README.md", "elsewhere");
  folder.write("run", "#!/bin/sh\n");
  folder.write("tool.py", "print()\n");
  folder.write("launch", "true\n", 0755);
  folder.write("data.json", "{}", 0755);
  folder.write("binary", std::string("\x7f") + "ELF" + '\0', 0755);
  folder.write("latin1.txt", "caf\xe9");
  const Skill skill = load_skill(folder.path());
  const auto flags = [&](const std::string& path) {
    const SkillText* text = text_at(skill, path);
    if (!text) return std::string("no text");
    return std::string(text->documents ? "documents" : text->executable ? "executes" : "text");
  };
  EXPECT_EQ(flags("SKILL.md"), "documents");
  EXPECT_EQ(flags("README.md"), "documents");
  EXPECT_EQ(flags("docs/README.md"), "text");
  EXPECT_EQ(flags("run"), "executes");
  EXPECT_EQ(flags("tool.py"), "executes");
  EXPECT_EQ(flags("launch"), "executes");
  EXPECT_EQ(flags("data.json"), "text");
  EXPECT_EQ(flags("binary"), "no text");
  EXPECT_EQ(flags("latin1.txt"), "no text");
}

TEST(SkillTexts, LeaveOutScriptsAboveOneMebibyteAndSaySo) {
  const SkillFolder folder;
  folder.write("big.sh", std::string((1 << 20) + 1, '#'));
  const Skill skill = load_skill(folder.path());
  EXPECT_EQ(text_at(skill, "big.sh"), nullptr);
  EXPECT_THAT(skill.notes,
              ElementsAre(AllOf(StartsWith("big.sh has 1.0 MiB"), HasSubstr("was not checked"))));
}

TEST(SkillTexts, LeaveOutOtherTextsBeyondTheirLimitAndSaySo) {
  const SkillFolder folder;
  for (int i = 10; i < 43; ++i)
    folder.write("t" + std::to_string(i) + ".txt", std::string(1 << 20, 'x'));
  const Skill skill = load_skill(folder.path());
  EXPECT_NE(text_at(skill, "t41.txt"), nullptr);
  EXPECT_EQ(text_at(skill, "t42.txt"), nullptr);
  EXPECT_THAT(skill.notes, ElementsAre(HasSubstr("1 text file in ")));
}

TEST(SkillDigest, IsTheSameElsewhereAndLater) {
  const SkillFolder one;
  const SkillFolder other;
  one.link("again", "SKILL.md");
  other.link("again", "SKILL.md");
  fs::last_write_time(other.path() / "SKILL.md",
                      fs::file_time_type::clock::now() - std::chrono::hours(99));
  EXPECT_EQ(load_skill(one.path()).sha256, load_skill(other.path()).sha256);
}

TEST(SkillDigest, ChangesWithContentModeNameAndLinkTarget) {
  const SkillFolder folder;
  folder.write("a.txt", "one");
  folder.link("l", "a.txt");
  std::vector<std::string> digests = {load_skill(folder.path()).sha256};
  folder.write("a.txt", "two");
  digests.push_back(load_skill(folder.path()).sha256);
  folder.write("a.txt", "two", 0600);
  digests.push_back(load_skill(folder.path()).sha256);
  folder.write("b.txt", "");
  digests.push_back(load_skill(folder.path()).sha256);
  fs::remove(folder.path() / "l");
  folder.link("l", "b.txt");
  digests.push_back(load_skill(folder.path()).sha256);
  std::sort(digests.begin(), digests.end());
  EXPECT_EQ(std::unique(digests.begin(), digests.end()), digests.end());
}

}  // namespace
}  // namespace skillaudit
