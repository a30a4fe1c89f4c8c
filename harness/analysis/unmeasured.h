#pragma once

#include <vector>

#include "harness/evidence/evidence.h"

namespace skillaudit {

/// A gap for each program or block that ran, whose lines nobody counts, that names a secret's file
/// and the network, and of which not both were seen. That is code in other languages than the
/// shell's, Python and JavaScript, and what a line of the shell hands to another interpreter. Of
/// such code a program that ran may have run its first line. Pure.
[[nodiscard]] std::vector<Gap> unmeasured_code(const Evidence& evidence,
                                               const SkillCoverage& coverage);

}  // namespace skillaudit
