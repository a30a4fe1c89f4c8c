#pragma once

#include <string>
#include <vector>

namespace skillaudit {

/// Removes the words that start with --gtest_ from those of `test …`, and returns them. Nothing for
/// other commands.
[[nodiscard]] std::vector<std::string> take_gtest_flags(std::vector<std::string>& words);

/// Passes them to GoogleTest. Throws Error{Usage} for an unknown flag or a bad value: GoogleTest
/// itself would print its help, run nothing and report success.
void init_googletest(const std::vector<std::string>& flags);

}  // namespace skillaudit
