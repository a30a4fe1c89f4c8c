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

/// Whether the name is of a kind that argument_value() knows: a word of capitals without one is no
/// placeholder.
[[nodiscard]] bool says_kind(std::string_view name);

/// Files of the prepared project (fixtures/home), in which a walkthrough runs, relative to it: one
/// of each ending.
[[nodiscard]] const std::vector<std::string>& project_files();

}  // namespace skillaudit
