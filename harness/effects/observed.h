#pragma once

#include "harness/changes/process_tree.h"
#include "harness/effects/collected.h"

namespace skillaudit {

/// What the tables, the trace and the network show that the skill did. No rule takes part.
void collect_observed(const Evidence& evidence, const Changes& changes,
                      const ProcessTree& processes, Collected& effects);

}  // namespace skillaudit
