#pragma once

#include <string_view>

#include "harness/evidence/skill.h"

namespace skillaudit {

/// The file of the skill that `command` starts, by its interpreter or not, with nothing behind it:
/// nobody gave it arguments. Null for any other command.
[[nodiscard]] const SkillFile* bare_command(std::string_view command, const Skill& skill);

}  // namespace skillaudit
