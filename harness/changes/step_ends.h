#pragma once

#include <vector>

#include "harness/changes/process_tree.h"
#include "harness/evidence/step_end.h"

namespace skillaudit {

/// Why each step ended as it did, one for each of Execution::steps. Derived from the evidence, so
/// that old bundles are told apart as new ones are. What the guest prints is hostile: see
/// lack_of(). A cause excuses the end of a step alone; what the step did counts anyhow.
[[nodiscard]] std::vector<StepEnd> step_ends(const Evidence& evidence,
                                             const ProcessTree& processes);

}  // namespace skillaudit
