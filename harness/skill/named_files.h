#pragma once

#include <string_view>

#include "harness/evidence/skill.h"
#include "harness/skill/reach.h"

namespace skillaudit {

/// Whether `command` names the file as a word of its own, by its path or its last part.
[[nodiscard]] bool mentions_file(std::string_view command, std::string_view path);

/// What a command could do that would harm: its own code, and that of the skill's files that it
/// names. A program that is no text could do anything: all are set.
[[nodiscard]] ReachSet reach_of_command(std::string_view command, const Skill& skill);

}  // namespace skillaudit
