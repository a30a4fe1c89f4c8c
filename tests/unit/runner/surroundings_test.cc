#include "harness/runner/surroundings.h"

#include <gmock/gmock.h>

#include "harness/base/error.h"
#include "harness/evidence/runner_names.h"

namespace skillaudit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

constexpr const char* kHome = "/home/u";
const StepPlaces kPlaces{"/home/u/.claude/skills/demo", "/home/u/projects/p"};

Skill skill_of(const std::vector<std::pair<std::string, std::string>>& scripts) {
  Skill skill;
  skill.name = "demo";
  skill.files.push_back({"SKILL.md", 0644, 1, "", ""});
  skill.texts.push_back({"SKILL.md", "---\nname: demo\n---\n", true, false});
  for (const auto& [path, text] : scripts) {
    skill.files.push_back({path, 0755, text.size(), "", ""});
    skill.texts.push_back({path, text, false, true});
  }
  return skill;
}

Skill skill_that_sends() { return skill_of({{"scripts/a.sh", "curl https://x.example\n"}}); }

Scenario scenario(const std::string& name, const std::string& command) {
  return {.name = name, .command = command};
}

std::vector<std::string> names(const Plan& plan) {
  std::vector<std::string> all;
  for (const PlannedStep& step : plan.steps) all.push_back(step.name);
  return all;
}

TEST(GivenArguments, AddAStepAndExcuseTheBareOne) {
  const Skill skill = skill_that_sends();
  Plan plan = make_plan(skill, {});
  add_given_arguments(plan, skill, {{"scripts/a.sh", {"--due", "next week"}}});
  EXPECT_THAT(names(plan), ElementsAre("scripts/a.sh", "scripts/a.sh --due next week"));
  EXPECT_THAT(plan.steps[1].command, HasSubstr("scripts/a.sh' '--due' 'next week'"));
  EXPECT_EQ(plan.steps[1].again, "scripts/a.sh");
}

TEST(GivenArguments, AreRefusedForWhatIsNoProgram) {
  const Skill skill = skill_that_sends();
  Plan plan = make_plan(skill, {});
  const auto complaint = [&](const UnitArguments& given) {
    try {
      add_given_arguments(plan, skill, {given});
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  EXPECT_EQ(complaint({"scripts/b.sh", {}}),
            "--arg: `scripts/b.sh` is not a file of demo: did you mean `scripts/a.sh`?");
  EXPECT_EQ(complaint({"SKILL.md", {}, "audit.yaml:2:3"}),
            "audit.yaml:2:3: `SKILL.md` is not a program of demo: its programs are scripts/a.sh");
}

TEST(Folders, AreResolved) {
  EXPECT_EQ(resolve_folder("{project}/src", kPlaces, kHome), "/home/u/projects/p/src");
  EXPECT_EQ(resolve_folder("{skill}", kPlaces, kHome), "/home/u/.claude/skills/demo");
  EXPECT_EQ(resolve_folder("~/a", kPlaces, kHome), "/home/u/a");
  EXPECT_EQ(resolve_folder("/srv", kPlaces, kHome), "/srv");
}

TEST(Arranging, GivesAScenarioItsOwnOverThoseOfTheSkillAndOptionsOverBoth) {
  Skill skill = skill_of({});
  skill.surroundings.environment = {{"A", "skill"}, {"B", "skill"}, {"C", "skill"}};
  skill.surroundings.working_directory = "~/all";
  skill.scenarios = {scenario("one", "true")};
  skill.scenarios[0].surroundings.environment = {{"A", "one"}, {"C", "one"}};
  Plan plan = plan_scenario(skill, "one");
  Surroundings given;
  given.environment = {{"C", "option"}};
  given.standard_input = "in";
  arrange_steps(plan, skill, given, kPlaces, kHome, false);
  ASSERT_EQ(plan.steps.size(), 1U);
  EXPECT_THAT(plan.steps[0].environment, ElementsAre(Pair("A", "one"), Pair("B", "skill")));
  EXPECT_EQ(plan.steps[0].working_directory, "/home/u/all");
  EXPECT_EQ(plan.steps[0].standard_input, "in");
}

TEST(Arranging, RunsWhatCouldHarmWithoutTheAuthorsVariablesToo) {
  Skill skill = skill_that_sends();
  skill.surroundings.environment = {{"QUIET", "1"}};
  skill.scenarios = {scenario("sends", "bash scripts/a.sh"), scenario("counts", "wc -l")};
  Plan plan = make_plan(skill, {});
  arrange_steps(plan, skill, {}, kPlaces, kHome, true);
  EXPECT_THAT(names(plan),
              ElementsAre("sends", "counts", "sends without the settings of audit.yaml"));
  EXPECT_THAT(plan.steps[2].environment, IsEmpty());
  EXPECT_TRUE(plan.steps[2].tentative);
  EXPECT_EQ(plan.steps[0].again, plan.steps[2].name) << "what the bare one comes to is no fault";
}

TEST(Arranging, RunsOnATerminalOrWithInputOfAuditYamlAlsoWithout) {
  Skill skill = skill_that_sends();
  skill.surroundings.terminal = true;
  skill.surroundings.standard_input = "yes\n";
  Plan plan = make_plan(skill, {});
  arrange_steps(plan, skill, {}, kPlaces, kHome, true);
  ASSERT_EQ(plan.steps.size(), 2U);
  EXPECT_TRUE(plan.steps[0].terminal);
  EXPECT_FALSE(plan.steps[1].terminal);
  EXPECT_EQ(plan.steps[1].standard_input, "");
}

TEST(Arranging, ByOptionsNeedsNoOtherRun) {
  const Skill skill = skill_that_sends();
  Plan plan = make_plan(skill, {});
  Surroundings given;
  given.terminal = true;
  given.environment = {{"A", "b"}};
  arrange_steps(plan, skill, given, kPlaces, kHome, true);
  EXPECT_THAT(names(plan), ElementsAre("scripts/a.sh"));
  EXPECT_TRUE(plan.steps[0].terminal);
  EXPECT_THAT(plan.steps[0].environment, IsEmpty()) << "set for all programs";
}

TEST(Setup, IsTheFirstStepsOfTheSkill) {
  Skill skill = skill_of({});
  skill.scenarios = {scenario("one", "true")};
  Plan plan = make_plan(skill, {});
  add_setup_steps(plan, {"mkdir a", "mkdir b"});
  EXPECT_THAT(names(plan), ElementsAre("setup 1", "setup 2", "one"));
}

}  // namespace
}  // namespace skillaudit
