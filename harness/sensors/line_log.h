#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/evidence/coverage.h"
#include "harness/evidence/execution.h"
#include "harness/evidence/skill.h"

namespace skillaudit {

/// Reads what the tracers of a steering clone wrote (fixtures/tracers): the lines of the skill's
/// files, which lie in `skill_dir` of the guest, and of the commands of `steps`, by the first try
/// of each. What is about anything else is left out, and so is what is malformed: the guest could
/// write anything. Linear in its size.
[[nodiscard]] std::vector<MeasuredLines> read_line_log(std::string_view log, const Skill& skill,
                                                       const std::string& skill_dir,
                                                       const std::vector<Step>& steps);

}  // namespace skillaudit
