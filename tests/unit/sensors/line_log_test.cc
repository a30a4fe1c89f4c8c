#include "harness/sensors/line_log.h"

#include <gmock/gmock.h>

namespace skillaudit {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::string kDir = "/home/ubuntu/.claude/skills/x";

Skill a_skill() {
  Skill skill;
  skill.texts = {{"SKILL.md", "# x\n", true, false},
                 {"lib/a.py", "1\n2\n3\n4\n5\n", false, true},
                 {"run.sh", "1\n2\n", false, true}};
  return skill;
}

std::vector<Step> some_steps() {
  std::vector<Step> steps(2);
  steps[0] = {.name = "SKILL.md:7", .command = "echo a\necho b\n"};
  steps[1] = {.name = "SKILL.md:7 in the skill's folder",
              .command = "echo a; cd x\necho b\n",
              .again = "SKILL.md:7"};
  return steps;
}

std::vector<MeasuredLines> read(std::string_view log) {
  return read_line_log(log, a_skill(), kDir, some_steps());
}

TEST(LineLog, GivesTheLinesOfFilesAndWhichCanRun) {
  EXPECT_THAT(
      read("L\t1\t" + kDir + "/lib/a.py\nL\t4\t" + kDir + "/lib/a.py\nL\t2\t" + kDir +
           "/lib/a.py\nP\t1 2 4 5\t" + kDir + "/lib/a.py\nL\t2\t" + kDir + "/lib/.././run.sh\n"),
      ElementsAre(MeasuredLines{"lib/a.py", {{1, 2}, {4, 4}}, {{1, 2}, {4, 5}}},
                  MeasuredLines{"run.sh", {{2, 2}}, {}}));
}

TEST(LineLog, GivesTheLinesOfBlocksByTheFirstTry) {
  EXPECT_THAT(read("C\t80\techo a\1echo b\1\nL\t1\t-80\nC\t90\techo a; cd x\1echo b\1\nL\t2\t-90\n"
                   "C\t80\tsomething else\nL\t2\t-80\n"),
              ElementsAre(MeasuredLines{"SKILL.md:7", {{1, 2}}, {}}));
}

TEST(LineLog, LeavesOutWhatIsNotTheSkillsOrIsMalformed) {
  EXPECT_THAT(read("L\t1\t/usr/bin/x\nL\t1\t" + kDir + "/gone.sh\nL\t9\t" + kDir +
                   "/run.sh\nL\t0\t" + kDir + "/run.sh\nL\t-1\t" + kDir + "/run.sh\nL\t1x\t" +
                   kDir + "/run.sh\nL\t1\nX\t1\t" + kDir + "/run.sh\n\n\t\t\nL\t1\t-80\nL\t1\t" +
                   kDir + "/../y/run.sh\nL\t99999999999999999999\t" + kDir + "/run.sh\n"),
              IsEmpty());
}

}  // namespace
}  // namespace skillaudit
