#pragma once

#include <string>
#include <string_view>

namespace skillaudit {

/// The code without the commands that only install packages by name from the sources that a machine
/// is configured for: "pip install requests", "npm i -g serve". One with anything else in it stays:
/// an address, a pipe, an index of its own, a list in a file, and an installation without a name,
/// which may run what a package of the skill's own says.
[[nodiscard]] std::string without_package_installs(std::string_view code);

}  // namespace skillaudit
