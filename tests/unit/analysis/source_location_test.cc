#include "harness/analysis/source_location.h"

#include <gmock/gmock.h>

namespace skillaudit {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Skill skill_with(const std::vector<std::string>& files) {
  Skill skill;
  for (const std::string& path : files) skill.files.push_back({.path = path});
  return skill;
}

Finding citing(const std::vector<Source>& sources) {
  Finding finding;
  for (const Source& source : sources) finding.evidence.push_back({source, "text"});
  return finding;
}

TEST(SourceLocations, AreTheLinesThatStaticFactsAndStepsCite) {
  EXPECT_THAT(source_locations(
                  citing({source::skill_file("scripts/x.sh", 67), source::step("SKILL.md:12")}),
                  skill_with({"SKILL.md", "scripts/x.sh"})),
              ElementsAre(SourceLocation{"scripts/x.sh", 67}, SourceLocation{"SKILL.md", 12}));
}

TEST(SourceLocations, NameTheFileAsAWholeWhereNoLineIsCited) {
  EXPECT_THAT(source_locations(citing({source::skill_file("bin/tool")}), skill_with({"bin/tool"})),
              ElementsAre(SourceLocation{"bin/tool", 0}));
}

TEST(SourceLocations, AreNoneForWhatTheRunShowedAlone) {
  EXPECT_THAT(source_locations(
                  citing({source::flow(7), source::after(Table::Files), source::step("--cmd")}),
                  skill_with({"SKILL.md"})),
              IsEmpty());
}

TEST(SourceLocations, AreNoneForAFileThatTheSkillDoesNotHave) {
  EXPECT_THAT(
      source_locations(citing({source::skill_file("../../etc/passwd", 1), source::skill_notes()}),
                       skill_with({"SKILL.md"})),
      IsEmpty());
}

TEST(SourceLocations, KnowAFileThatIsNamedLikeAPlaceInAnother) {
  const Skill skill = skill_with({"a.sh", "a.sh:3"});
  EXPECT_THAT(source_locations(citing({source::skill_file("a.sh:3")}), skill),
              ElementsAre(SourceLocation{"a.sh:3", 0}));
  EXPECT_THAT(source_locations(citing({source::skill_file("a.sh", 3)}), skill),
              ElementsAre(SourceLocation{"a.sh", 3}));
}

TEST(SourceLocations, StandOnceEach) {
  EXPECT_THAT(
      source_locations(citing({source::skill_file("a.sh", 3), source::skill_file("a.sh", 3)}),
                       skill_with({"a.sh"})),
      ElementsAre(SourceLocation{"a.sh", 3}));
}

}  // namespace
}  // namespace skillaudit
