#include "harness/skill/links.h"

#include <gmock/gmock.h>

#include "tests/unit/skill/skill_folder.h"

namespace skillaudit {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

TEST(Links, InsideTheSkillAreKept) {
  const SkillFolder folder;
  folder.write("scripts/run.sh", "true\n");
  folder.link("scripts/again.sh", "run.sh");
  folder.link("up.md", "scripts/../SKILL.md");
  folder.link("here", ".");
  folder.link("scripts/top", "..");
  EXPECT_EQ(follow_link(folder.path(), "scripts/again.sh"), LinkEnd::Inside);
  EXPECT_EQ(follow_link(folder.path(), "up.md"), LinkEnd::Inside);
  EXPECT_EQ(follow_link(folder.path(), "here"), LinkEnd::Inside);
  EXPECT_EQ(follow_link(folder.path(), "scripts/top"), LinkEnd::Inside);
  const Skill skill = load_skill(folder.path());
  EXPECT_EQ(skill.files.at(2).path, "scripts/again.sh");
  EXPECT_EQ(skill.files.at(2).link_target, "run.sh");
  EXPECT_EQ(skill.files.at(2).sha256, "");
}

TEST(Links, WithAnAbsoluteTargetLeadOut) {
  const SkillFolder folder;
  folder.link("passwords", "/etc/passwd");
  EXPECT_EQ(complaint(folder),
            "the link DIR/demo/passwords points out of the skill, to /etc/passwd: replace it with "
            "the file, or with a relative link to a file in the skill");
}

TEST(Links, WithAnAbsoluteTargetInTheSkillItselfLeadOut) {
  const SkillFolder folder;
  folder.link("again", (folder.path() / "SKILL.md").string());
  EXPECT_EQ(follow_link(folder.path(), "again"), LinkEnd::Outside);
}

TEST(Links, AboveTheFolderLeadOut) {
  const SkillFolder folder;
  folder.link("sub/up", "../../elsewhere");
  folder.link("back", "../demo/SKILL.md");
  EXPECT_EQ(follow_link(folder.path(), "sub/up"), LinkEnd::Outside);
  EXPECT_EQ(follow_link(folder.path(), "back"), LinkEnd::Outside);
}

TEST(Links, LeadOutByWayOfALinkedFolder) {
  const SkillFolder folder;
  folder.write("deep/inner/x", "x");
  folder.link("a/b/short", "../../deep");
  // In the text three folders down and two up; in truth, one down and two up.
  folder.link("out", "a/b/short/../../x");
  EXPECT_EQ(follow_link(folder.path(), "out"), LinkEnd::Outside);
}

TEST(Links, OfLinksAreFollowedToTheirEnd) {
  const SkillFolder folder;
  folder.link("one", "two");
  folder.link("two", "three");
  folder.link("three", "../outside");
  EXPECT_EQ(follow_link(folder.path(), "one"), LinkEnd::Outside);
}

TEST(Links, ThatRunInACircleAreRefused) {
  const SkillFolder folder;
  folder.link("a", "b");
  folder.link("b", "a");
  EXPECT_THAT(complaint(folder), StartsWith("the link DIR/demo/"));
  EXPECT_EQ(follow_link(folder.path(), "a"), LinkEnd::Loop);
  folder.link("self", "self/x");
  EXPECT_EQ(follow_link(folder.path(), "self"), LinkEnd::Loop);
}

TEST(Links, ToNothingAreNoted) {
  const SkillFolder folder;
  folder.link("gone", "scripts/missing.sh");
  EXPECT_THAT(load_skill(folder.path()).notes,
              ElementsAre("the link gone points to scripts/missing.sh, which does not exist"));
}

TEST(Links, ToNothingThatClimbLeadOut) {
  const SkillFolder folder;
  folder.link("gone", "missing/../../x");
  EXPECT_EQ(follow_link(folder.path(), "gone"), LinkEnd::Outside);
}

TEST(Links, MayStandForTheManifest) {
  const SkillFolder folder;
  std::filesystem::rename(folder.path() / "SKILL.md", folder.path() / "real.md");
  folder.link("SKILL.md", "real.md");
  EXPECT_EQ(load_skill(folder.path()).name, "demo");
}

}  // namespace
}  // namespace skillaudit
