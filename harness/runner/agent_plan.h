#pragma once

#include <string>
#include <vector>

#include "harness/agents/agent.h"
#include "harness/evidence/skill.h"
#include "harness/runner/plan.h"

namespace skillaudit {

/// What the agent is told: `prompts` (of `--prompt`) win over those of audit.yaml, and those over
/// one that asks for the skill by its name and description. Throws Error{Usage} for an empty one.
[[nodiscard]] std::vector<std::string> prompts_for(const Skill& skill,
                                                   const std::vector<std::string>& prompts);

/// One run of the agent, headless, for each prompt. Pure.
[[nodiscard]] Plan make_agent_plan(const Agent& agent, const std::vector<std::string>& prompts);

}  // namespace skillaudit
