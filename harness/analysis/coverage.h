#pragma once

#include <vector>

#include "harness/evidence/evidence.h"
#include "harness/evidence/step_end.h"

namespace skillaudit {

/// Which parts of the skill ran, by the audit's own evidence (steps, trace), and which of their
/// lines, by what the steering clone said. Pure.
[[nodiscard]] SkillCoverage coverage_of(const Evidence& evidence, const std::vector<StepEnd>& ends);

/// Whether lines of the skill could become such a gap, had they not run. Where none could, which
/// lines ran decides nothing.
[[nodiscard]] bool lines_could_decide(const Skill& skill);

/// A gap for each program that ran without its lines that fetch code and run it at once, or name
/// secrets and the network: an honest program has no reason to keep that for later. Other branches
/// that honest programs seldom take (an error, an option, another system) stay open in the report,
/// and not in the verdict. A forged line can hide such a gap, and none that stands without it.
[[nodiscard]] std::vector<Gap> unexercised_lines(const Evidence& evidence,
                                                 const SkillCoverage& coverage);

}  // namespace skillaudit
