#pragma once

#include <optional>

#include "harness/changes/installed.h"
#include "harness/evidence/step_end.h"

namespace skillaudit {

/// What of the machine a step that failed lacks, by its own words where facts bear them out: a
/// program or module that is said to be missing is neither installed nor the skill's, a file is
/// outside of the skill and was not there, a host was asked for and did not answer. None where
/// nothing explains the failure but the step itself.
[[nodiscard]] std::optional<StepEnd> lack_of(const Step& step, const Evidence& evidence,
                                             const Installed& installed);

/// The program that a step which succeeded says it did not find on its way, by the same facts.
[[nodiscard]] std::string program_lacked(const Step& step, const Installed& installed);

}  // namespace skillaudit
