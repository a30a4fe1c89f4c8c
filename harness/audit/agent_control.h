#pragma once

#include <string>

#include "harness/agents/agent.h"
#include "harness/base/progress.h"
#include "harness/evidence/agent.h"
#include "harness/machine/provider.h"

namespace skillaudit {

/// What `agent` does to a guest of `os` when no skill is there: the same agent, on a clone of the
/// same template, with the model that is built in and a prompt that asks for next to nothing. Kept
/// with the template, so it is found out once. Throws what an audit throws, and Error{Environment}
/// where the agent does not work in that guest.
[[nodiscard]] AgentControl agent_control(MachineProvider& provider, const std::string& os,
                                         const Agent& agent, Progress& progress);

/// Where an agent works, and the steps of a walkthrough run: a project of the user's, and not the
/// skill's own folder.
[[nodiscard]] std::string project_folder(const GuestAccount& account);

}  // namespace skillaudit
