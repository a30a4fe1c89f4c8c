#pragma once

#include <string>
#include <vector>

#include "harness/agents/agent.h"
#include "harness/evidence/skill.h"
#include "harness/runner/plan.h"

namespace skillaudit {

/// The scenario whose prompts an agent gets where nobody gave others: the first that has some.
/// Null: there is none.
[[nodiscard]] const Scenario* prompting_scenario(const Skill& skill,
                                                 const std::vector<std::string>& prompts);

/// What the agent is told: `prompts` (of `--prompt`) win over those of audit.yaml, those over the
/// ones of prompting_scenario(), and those over one that asks for the skill by its name and
/// description. Throws Error{Usage} for an empty one.
[[nodiscard]] std::vector<std::string> prompts_for(const Skill& skill,
                                                   const std::vector<std::string>& prompts);

/// One run of the agent, headless, for each prompt. Pure.
[[nodiscard]] Plan make_agent_plan(const Agent& agent, const std::vector<std::string>& prompts);

}  // namespace skillaudit
