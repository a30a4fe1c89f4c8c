#pragma once

#include "harness/base/progress.h"
#include "harness/observe/observe.h"

namespace skillaudit {

/// Runs the plan of `observation` in the guest, as an audit does: what asks for arguments is tried
/// again with them, a server is asked and ended. `by_agent`: an agent does it, and waits for its
/// model.
[[nodiscard]] Execution run_skill(const Observation& observation, const Subject& subject,
                                  const Skill& skill, bool by_agent, Progress& progress);

}  // namespace skillaudit
