#pragma once

#include <string>
#include <vector>

namespace skillaudit {

/// Takes the words that start with --gtest_ off those of `test …`; none, for other commands.
[[nodiscard]] std::vector<std::string> take_gtest_flags(std::vector<std::string>& words);

/// Hands them to GoogleTest. Throws Error{Usage} for one that it does not know or whose value it
/// cannot read: GoogleTest itself would print its help, run nothing and report success.
void init_googletest(const std::vector<std::string>& flags);

}  // namespace skillaudit
