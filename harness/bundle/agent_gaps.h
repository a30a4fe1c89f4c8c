#pragma once

#include <vector>

#include "harness/evidence/evidence.h"

namespace skillaudit {

/// Why an audit that an agent drove shows nothing of the skill: the agent never spoke to its model,
/// did not offer the skill, or the skill was never triggered. None without an agent.
[[nodiscard]] std::vector<Gap> agent_gaps(const Evidence& evidence);

}  // namespace skillaudit
