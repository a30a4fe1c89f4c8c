#pragma once

#include <string_view>
#include <vector>

#include "harness/rules/program_setting.h"

namespace skillaudit {

/// The settings of a configuration file of the SSH client's (ssh_config(5)), in its order, each
/// with the hosts that it is for: "Host *: proxycommand". A `Match` that runs a program is one of
/// them. Reads hostile text in linear time.
[[nodiscard]] std::vector<ProgramSetting> ssh_settings(std::string_view text);

}  // namespace skillaudit
