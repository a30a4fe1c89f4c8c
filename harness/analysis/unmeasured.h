#pragma once

#include <vector>

#include "harness/analysis/harmful_lines.h"
#include "harness/evidence/evidence.h"

namespace skillaudit {

/// Whether the text is a program of a language whose lines nobody measures: Perl, Ruby, awk, make.
[[nodiscard]] bool is_unmeasured_program(const SkillText& text);

/// Whether anything of the audit ran it: a step or a process that names it.
[[nodiscard]] bool was_used(const SkillText& text, const Evidence& evidence);

/// Lines of such a program that could harm, and of which the audit's evidence shows nothing
/// (seen_harm.h).
[[nodiscard]] std::vector<Harm> unmeasured_harm(const SkillText& text, const Evidence& evidence);

/// A gap for each program or block that ran, whose lines nobody counts, that names a secret's file
/// and the network, and of which not both were seen. That is code in other languages than the
/// shell's, Python and JavaScript, and what a line of the shell hands to another interpreter. Of
/// such code a program that ran may have run its first line. Pure.
[[nodiscard]] std::vector<Gap> unmeasured_code(const Evidence& evidence,
                                               const SkillCoverage& coverage);

}  // namespace skillaudit
