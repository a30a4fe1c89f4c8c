#pragma once

#include <vector>

#include "harness/evidence/evidence.h"

namespace skillaudit {

/// Seconds after the skill began at which its last step ended; 0 where none ran.
[[nodiscard]] double end_of_run(const Evidence& evidence);

/// The samples that were taken while the skill ran. Those from before have the same times, counted
/// from the moment at which the VM was first looked at.
[[nodiscard]] std::vector<ResourceSample> samples_of_run(const Evidence& evidence);

}  // namespace skillaudit
