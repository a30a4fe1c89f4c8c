#pragma once

#include <string>
#include <string_view>

namespace skillaudit {

/// How the user calls the program: `scripts/skillaudit` through the launcher, which passes it in
/// the environment variable SKILLAUDIT_CALLED_AS; otherwise `skillaudit`. Read once, quoted for a
/// shell. Reports and generated files do not depend on it: they always say `skillaudit`.
[[nodiscard]] const std::string& called_as();

/// `text` with each call of `skillaudit COMMAND` in it written as the user calls the program, so
/// that the commands in help, hints and errors can be pasted.
[[nodiscard]] std::string as_called(std::string_view text);

}  // namespace skillaudit
