#pragma once

#include <string>
#include <string_view>

namespace skillaudit {

/// The code without the lines that only install packages by name from the sources that a machine is
/// configured for: "pip install requests", "npm i -g serve", "pip install -r requirements.txt". A
/// line with anything else in it stays: an address, a pipe, a second command, an index of its own.
[[nodiscard]] std::string without_package_installs(std::string_view code);

}  // namespace skillaudit
