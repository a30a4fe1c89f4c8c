#pragma once

#include "harness/base/progress.h"
#include "harness/observe/observe.h"

namespace skillaudit {

/// Runs the commands of Observation::setup in the guest, which nobody judges. Throws Error{Skill}
/// for one that fails, Error{Evidence} where the guest is lost.
void run_setup(const Observation& observation, const Subject& subject, Progress& progress);

}  // namespace skillaudit
