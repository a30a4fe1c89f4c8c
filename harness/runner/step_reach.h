#pragma once

#include <string_view>

#include "harness/evidence/skill.h"
#include "harness/skill/reach.h"

namespace skillaudit {

/// What a step's command could do that would harm: its own code, and that of the skill's files that
/// it names. A program that is no text could do anything: all are set.
[[nodiscard]] ReachSet reach_of_step(std::string_view command, const Skill& skill);

}  // namespace skillaudit
