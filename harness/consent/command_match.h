#pragma once

#include <string_view>

#include "harness/consent/path_pattern.h"

namespace skillaudit {

/// Whether a document that shows `shown` names the command line `asked`, which was seen: the same
/// words, or the same program where that is a script or a path and `shown` gives no arguments.
/// Interpreters and wrappers before a script do not count; a command with shell operators or code
/// on its line (`sh -c …`) must be shown word for word.
[[nodiscard]] bool same_command(const ConsentPlaces&, std::string_view asked,
                                std::string_view shown);

/// The program that a command line starts, without its folder: "notes.sh" of
/// "/bin/sh ~/bin/notes.sh -v".
[[nodiscard]] std::string_view program_of_command(std::string_view command);

}  // namespace skillaudit
