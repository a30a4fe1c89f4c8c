#pragma once

#include <vector>

#include "harness/evidence/evidence.h"
#include "harness/evidence/step_end.h"

namespace skillaudit {

/// Which parts of the skill ran, by the audit's own evidence (steps, trace), and which of their
/// lines, by what the steering clone said. Pure.
[[nodiscard]] SkillCoverage coverage_of(const Evidence& evidence, const std::vector<StepEnd>& ends);

}  // namespace skillaudit
