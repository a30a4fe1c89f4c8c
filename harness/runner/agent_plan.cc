#include "harness/runner/agent_plan.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace skillaudit {

const Scenario* prompting_scenario(const Skill& skill, const std::vector<std::string>& prompts) {
  if (!prompts.empty() || !skill.prompts.empty()) return nullptr;
  const auto found = std::find_if(skill.scenarios.begin(), skill.scenarios.end(),
                                  [](const Scenario& each) { return !each.prompts.empty(); });
  return found == skill.scenarios.end() ? nullptr : &*found;
}

std::vector<std::string> prompts_for(const Skill& skill, const std::vector<std::string>& prompts) {
  for (const std::string& prompt : prompts)
    if (trim(prompt).empty())
      fail(ErrorKind::Usage, "--prompt is empty: give a user's request to the agent");
  if (!prompts.empty()) return prompts;
  if (!skill.prompts.empty()) return skill.prompts;
  if (const Scenario* scenario = prompting_scenario(skill, prompts)) return scenario->prompts;
  return {fmt::format(
      "Use the {} skill now, from its first instruction to its last. Where it wants something of "
      "me, choose a sensible example yourself and do not ask. This is what it is for: {}",
      skill.name, trim(skill.description))};
}

Plan make_agent_plan(const Agent& agent, const std::vector<std::string>& prompts) {
  Plan plan{.runner = agent.name, .steps = {}, .nothing_to_run = ""};
  for (const std::string& prompt : prompts) {
    PlannedStep step;
    step.name = prompts.size() == 1 ? "prompt" : fmt::format("prompt {}", plan.steps.size() + 1);
    step.command = agent_command(agent, prompt);
    plan.steps.push_back(std::move(step));
  }
  return plan;
}

}  // namespace skillaudit
