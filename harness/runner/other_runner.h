#pragma once

#include <optional>

#include "harness/evidence/execution.h"
#include "harness/runner/plan.h"

namespace skillaudit {

/// The step with python3 or node in place of what would have started a program of the skill and is
/// not installed: "uv run scripts/x.py", "bun scripts/x.js"; or in front of a program that may not
/// be started by itself. It is the program that is audited. None where the step did not miss such a
/// runner, or it runs anything else.
[[nodiscard]] std::optional<PlannedStep> with_other_runner(const PlannedStep& planned,
                                                           const Step& step);

}  // namespace skillaudit
