#include "harness/runner/agent_plan.h"

#include <gmock/gmock.h>

#include "harness/base/error.h"

namespace skillaudit {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

Skill weather() {
  Skill skill;
  skill.name = "weather";
  skill.description = "  Tells the weather of a place.\n";
  return skill;
}

TEST(AgentPlan, ThePromptsOfTheCommandLineWin) {
  Skill skill = weather();
  skill.prompts = {"of audit.yaml"};
  EXPECT_THAT(prompts_for(skill, {"one", "two"}), ElementsAre("one", "two"));
}

TEST(AgentPlan, ThePromptsOfTheAuditManifestComeNext) {
  Skill skill = weather();
  skill.prompts = {"Is it raining?", "And tomorrow?"};
  EXPECT_THAT(prompts_for(skill, {}), ElementsAre("Is it raining?", "And tomorrow?"));
}

TEST(AgentPlan, WithoutAnyTheSkillIsAskedForByNameAndDescription) {
  const std::vector<std::string> prompts = prompts_for(weather(), {});
  ASSERT_THAT(prompts, SizeIs(1));
  EXPECT_THAT(prompts[0], AllOf(HasSubstr("the weather skill"),
                                testing::EndsWith(": Tells the weather of a place.")));
}

TEST(AgentPlan, AnEmptyPromptIsRefusedWhereverItStands) {
  for (const std::vector<std::string>& prompts :
       {std::vector<std::string>{""}, {" \t\n"}, {"fine", ""}}) {
    try {
      (void)prompts_for(weather(), prompts);
      FAIL();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::Usage);
      EXPECT_STREQ(error.what(), "--prompt is empty: give a user's request to the agent");
    }
  }
}

TEST(AgentPlan, IsOneRunOfTheAgentForEachPrompt) {
  const Agent& agent = find_agent("codex");
  const Plan plan = make_agent_plan(agent, {"first", "it's the second"});
  EXPECT_EQ(plan.runner, "codex");
  EXPECT_EQ(plan.nothing_to_run, "");
  ASSERT_THAT(plan.steps, SizeIs(2));
  EXPECT_EQ(plan.steps[0].name, "prompt 1");
  EXPECT_EQ(plan.steps[1].name, "prompt 2");
  EXPECT_EQ(plan.steps[0].command, agent_command(agent, "first"));
  EXPECT_EQ(plan.steps[1].command, agent_command(agent, "it's the second"));
  for (const PlannedStep& step : plan.steps) {
    EXPECT_EQ(step.expected_exit, 0);
    EXPECT_EQ(step.reason_not_run, "");
    EXPECT_EQ(step.standard_input, "") << "an agent that reads stdin would wait for its end";
  }
}

TEST(AgentPlan, OneRunNeedsNoNumber) {
  const Plan plan = make_agent_plan(find_agent("claude"), {"only"});
  ASSERT_THAT(plan.steps, SizeIs(1));
  EXPECT_EQ(plan.steps[0].name, "prompt");
}

}  // namespace
}  // namespace skillaudit
