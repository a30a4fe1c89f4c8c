#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "harness/analysis/harmful_lines.h"

namespace skillaudit {

/// What did not run behind a condition that an audit's machine need not meet and a user's does: a
/// day or an hour, a host or its size, the value of a variable; and that deletes, rewrites, stays,
/// takes rights, makes code or names secrets. Honest programs branch on their arguments, on what is
/// installed and on errors. `shell`: the code is a shell's, of which a line that ran may have run
/// only as far as its condition; the evidence tells what it started. Pure.
[[nodiscard]] std::optional<Harm> harm_behind_a_gate(std::string_view text,
                                                     const std::vector<LineRange>& statements,
                                                     const std::vector<LineRange>& ran,
                                                     const Evidence* shell);

/// Whether code of the skill could become such a gap, had it not run.
[[nodiscard]] bool gates_could_decide(const Skill& skill);

}  // namespace skillaudit
