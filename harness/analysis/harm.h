#pragma once

#include <string>
#include <vector>

#include "harness/analysis/harmful_lines.h"
#include "harness/evidence/evidence.h"

namespace skillaudit {

/// Of the programs that ran, in the order of `coverage`; what ran where conditions were set aside
/// (kOpenedWorld) is not among them. Of a language whose lines nobody measures, what the audit's
/// own evidence shows nothing of: no host that the lines name was asked, or no secret was read.
[[nodiscard]] std::vector<Harm> unexercised_harm(const Evidence& evidence,
                                                 const SkillCoverage& coverage);

/// Whether lines of the skill could become such a harm, had they not run; and one that decides.
/// Where none could, which lines ran tells nothing.
[[nodiscard]] bool lines_could_harm(const Skill& skill);
[[nodiscard]] bool lines_could_decide(const Skill& skill);

/// Whether the skill has programs of languages whose lines nobody measures: Perl, Ruby, awk, make.
[[nodiscard]] bool has_unmeasured_programs(const Skill& skill);

/// A gap for each program with harm that decides. Other branches that honest programs seldom take
/// (an error, an option, another system) stay open in the report, and not in the verdict. A forged
/// line can hide such a gap, and none that stands without it.
[[nodiscard]] std::vector<Gap> unexercised_lines(const Evidence& evidence,
                                                 const SkillCoverage& coverage);

}  // namespace skillaudit
