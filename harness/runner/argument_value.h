#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace skillaudit {

/// A value for an argument of that name ("document", "<file.md>", "INPUT_CSV", "--port"): one of
/// `files`, relative to the working directory, of the kind that the name suggests; a new file for
/// an output; a number, a folder, an address, a date, or a word. Not quoted.
[[nodiscard]] std::string argument_value(std::string_view name,
                                         const std::vector<std::string>& files);

}  // namespace skillaudit
