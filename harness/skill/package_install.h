#pragma once

#include <string>
#include <string_view>

namespace skillaudit {

/// The code without the commands that only install packages by name from the sources that a machine
/// is configured for: "pip install requests", "npm i -g serve". One with anything else in it stays:
/// an address, a pipe, an index of its own, a list in a file. An installation without a name takes
/// what a package.json lists: it is left out where that can only be the user's, since the skill has
/// none (`has_own_list` is false) and the code does nothing else.
[[nodiscard]] std::string without_package_installs(std::string_view code, bool has_own_list = true);

}  // namespace skillaudit
