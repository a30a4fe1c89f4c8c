#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/rules/program_setting.h"

namespace skillaudit {

/// The settings of a configuration file of Git's (git-config(1)), in its order: "core.hookspath",
/// "alias.st", "filter.NAME.clean". Reads hostile text in linear time; a line that is no setting is
/// passed over, as a variable without a value is.
[[nodiscard]] std::vector<ProgramSetting> git_settings(std::string_view text);

}  // namespace skillaudit
