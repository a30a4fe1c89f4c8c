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

TEST(WordSteps, FindAProgramOfTheSkillThatIsNamedWithoutItsFolder) {
  const auto command = [](const std::string& markdown, const std::vector<std::string>& files) {
    Skill skill;
    skill.texts.push_back({"SKILL.md", markdown, true, false});
    for (const std::string& path : files) skill.files.push_back({.path = path});
    const std::vector<PlannedStep> steps = steps_of_words(skill);
    return steps.empty() ? std::string() : steps.front().command;
  };
  EXPECT_EQ(command("Run `merge.py`.\n", {"scripts/merge.py"}), "python3 scripts/merge.py");
  EXPECT_EQ(command("Run `merge.py`.\n", {"merge.py", "scripts/merge.py"}), "python3 merge.py");
  EXPECT_EQ(command("Run `merge.py`.\n", {"a/merge.py", "b/merge.py"}), "python3 merge.py");
  EXPECT_EQ(command("Run `wc README.md`.\n", {"docs/README.md"}), "wc README.md");
}

}  // namespace
}  // namespace skillaudit
