#pragma once

#include <string>
#include <string_view>

#include "harness/evidence/skill.h"

namespace skillaudit {

struct ScriptCommand {
  std::string command;         ///< for bash, from the skill's folder; empty: nothing to run
  std::string reason_not_run;  ///< set instead when the guest cannot run it
};

/// How to run a file of the skill without arguments: a program or script anywhere in the skill
/// (the folders of vendored packages aside), by its x bit and `#!` line, else by its suffix. `text`
/// is null for a file that is no text. Both results are empty for a file that is nothing to run.
[[nodiscard]] ScriptCommand command_of_script(const SkillFile& file, const SkillText* text);

}  // namespace skillaudit
