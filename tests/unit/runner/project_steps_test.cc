// In which folder the steps of a walkthrough run.
#include "harness/runner/project_steps.h"

#include <gmock/gmock.h>

namespace skillaudit {
namespace {

const StepPlaces kPlaces{"/h/skills/s", "/h/projects/p"};

Skill skill() {
  Skill skill;
  for (const char* path : {"SKILL.md", "package.json", "scripts/run.sh", "templates/page.html"})
    skill.files.push_back({path, 0644, 1, "", ""});
  return skill;
}

PlannedStep placed(const std::string& command, const std::string& runner = "walkthrough") {
  Plan plan{runner, {}, ""};
  plan.steps.emplace_back().command = command;
  run_in_project(plan, skill(), kPlaces);
  return plan.steps[0];
}

TEST(ProjectSteps, RunInTheProjectAndNameTheSkillsFilesByTheirPath) {
  const PlannedStep step = placed("bash scripts/run.sh src");
  EXPECT_EQ(step.working_directory, "/h/projects/p");
  EXPECT_EQ(step.command, "bash /h/skills/s/scripts/run.sh src");
}

TEST(ProjectSteps, RunInTheSkillsFolderWhereTheyNeedIt) {
  for (const char* command : {"cd scripts && ./run.sh", "npm install", "npm test && echo done"}) {
    const PlannedStep step = placed(command);
    EXPECT_EQ(step.working_directory, "/h/skills/s") << command;
    EXPECT_EQ(step.command, command);
  }
}

TEST(ProjectSteps, RunInBothWhereTheirProgramNamesTheSkillsFilesByARelativePath) {
  Skill demo = skill();
  demo.texts.push_back({"scripts/run.sh", "cat templates/page.html\n", false, true});
  Plan plan{"walkthrough", {}, ""};
  plan.steps.emplace_back().name = "SKILL.md:3";
  plan.steps[0].command = "bash scripts/run.sh";
  const Plan original = plan;
  run_in_project(plan, demo, kPlaces);
  ASSERT_EQ(plan.steps.size(), 2U);
  EXPECT_EQ(plan.steps[0].working_directory, "/h/projects/p");
  EXPECT_TRUE(plan.steps[0].tentative);
  EXPECT_EQ(plan.steps[1].working_directory, "/h/skills/s");
  EXPECT_EQ(plan.steps[1].again, "SKILL.md:3");
  EXPECT_FALSE(plan.steps[1].tentative);
  for (const char* text :
       {"cat \"$here/templates/page.html\"\n", "# reads templates/page.html\n"}) {
    demo.texts[0].text = text;
    plan = original;
    run_in_project(plan, demo, kPlaces);
    EXPECT_EQ(plan.steps.size(), 1U) << text;
  }
}

TEST(ProjectSteps, LeaveAPackageManagerInTheProjectThatTheSkillHasNoPackageFor) {
  for (const char* command : {"make check", "pip install requests", "echo npm"})
    EXPECT_EQ(placed(command).working_directory, "/h/projects/p") << command;
}

TEST(ProjectSteps, LeaveCommandsAndScenariosOfTheAuthorAsTheyAre) {
  const PlannedStep step = placed("bash scripts/run.sh", "command");
  EXPECT_EQ(step.working_directory, "");
  EXPECT_EQ(step.command, "bash scripts/run.sh");
}

TEST(MissesSkillFile, IsToldByAnErrorThatNamesAFileOfTheSkill) {
  for (const char* output :
       {"cat: templates/page.html: No such file or directory\n",
        "FileNotFoundError: [Errno 2] No such file or directory: './templates/page.html'\n",
        "Error: ENOENT: no such file or directory, open 'templates'\n"})
    EXPECT_TRUE(misses_skill_file(skill(), output)) << output;
}

TEST(MissesSkillFile, IsNotToldByAnyOtherError) {
  for (const char* output :
       {"cat: src/page.html: No such file or directory\n", "read templates/page.html\nError: 1\n",
        "cat: /h/templates/page.html: No such file or directory\n", "bash: jq: command not found\n",
        ""})
    EXPECT_FALSE(misses_skill_file(skill(), output)) << output;
}

}  // namespace
}  // namespace skillaudit
