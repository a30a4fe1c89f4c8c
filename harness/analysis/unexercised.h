#pragma once

#include <string>
#include <vector>

#include "harness/evidence/evidence.h"
#include "harness/evidence/step_end.h"

namespace skillaudit {

/// What a step that was not exercised wanted, as a clause: "needs `pandoc`, which this machine
/// lacks", "asks for arguments". Text between backticks is code; the rest is printable.
[[nodiscard]] std::string what_it_wants(const StepEnd& end);

/// A gap for each step that ran and did not come to what it is for, through nobody's fault. One
/// that was tried again is told of by the step that tried it.
[[nodiscard]] std::vector<Gap> unexercised_steps(const Evidence& evidence,
                                                 const std::vector<StepEnd>& ends);

}  // namespace skillaudit
