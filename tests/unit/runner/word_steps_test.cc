#include "harness/runner/word_steps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace skillaudit {
namespace {

using testing::ElementsAre;

std::vector<std::string> planned(const std::string& markdown) {
  Skill skill;
  skill.texts.push_back({"SKILL.md", markdown, true, false});
  std::vector<std::string> steps;
  for (const PlannedStep& step : make_plan(skill, {}).steps)
    steps.push_back(step.name + (step.in_words.empty() ? " " : " in words ") + step.command);
  return steps;
}

TEST(WordSteps, StandAmongTheBlocksInTheOrderOfTheDocument) {
  EXPECT_THAT(planned("Run `ls -l` first.\n\n```bash\ndate\n```\n\nThen run `uname -a`.\n"),
              ElementsAre("SKILL.md:1 in words ls -l", "SKILL.md:4 date\n",
                          "SKILL.md:7 in words uname -a"));
}

TEST(WordSteps, HaveEachANameOfTheirOwn) {
  EXPECT_THAT(planned("Run `ls -l`, then `ls -a`.\n"),
              ElementsAre("SKILL.md:1 in words ls -l", "SKILL.md:1 #2 in words ls -a"));
}

TEST(WordSteps, DoNotRepeatWhatABlockRuns) {
  EXPECT_THAT(planned("Run `ls -l`:\n\n```bash\nls -l\n```\n"), ElementsAre("SKILL.md:4 ls -l\n"));
}

}  // namespace
}  // namespace skillaudit
