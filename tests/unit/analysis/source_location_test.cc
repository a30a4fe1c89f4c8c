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

Finding citing(const std::vector<std::string>& sources) {
  Finding finding;
  for (const std::string& source : sources) finding.evidence.push_back({source, "text"});
  return finding;
}

TEST(SourceLocations, AreTheLinesThatStaticFactsAndStepsCite) {
  EXPECT_THAT(source_locations(citing({"skill.json#scripts/x.sh:67", "execution.json#SKILL.md:12"}),
                               skill_with({"SKILL.md", "scripts/x.sh"})),
              ElementsAre(SourceLocation{"scripts/x.sh", 67}, SourceLocation{"SKILL.md", 12}));
}

TEST(SourceLocations, NameTheFileAsAWholeWhereNoLineIsCited) {
  EXPECT_THAT(source_locations(citing({"skill.json#bin/tool"}), skill_with({"bin/tool"})),
              ElementsAre(SourceLocation{"bin/tool", 0}));
}

TEST(SourceLocations, AreNoneForWhatTheRunShowedAlone) {
  EXPECT_THAT(source_locations(citing({"flows.jsonl#7", "after/files", "execution.json#--cmd"}),
                               skill_with({"SKILL.md"})),
              IsEmpty());
}

TEST(SourceLocations, AreNoneForAFileThatTheSkillDoesNotHave) {
  EXPECT_THAT(source_locations(citing({"skill.json#../../etc/passwd:1", "skill.json#notes"}),
                               skill_with({"SKILL.md"})),
              IsEmpty());
}

TEST(SourceLocations, KnowAFileThatIsNamedLikeAPlaceInAnother) {
  EXPECT_THAT(source_locations(citing({"skill.json#a.sh:3"}), skill_with({"a.sh", "a.sh:3"})),
              ElementsAre(SourceLocation{"a.sh:3", 0}));
}

TEST(SourceLocations, StandOnceEach) {
  EXPECT_THAT(
      source_locations(citing({"skill.json#a.sh:3", "skill.json#a.sh:3"}), skill_with({"a.sh"})),
      ElementsAre(SourceLocation{"a.sh", 3}));
}

}  // namespace
}  // namespace skillaudit
