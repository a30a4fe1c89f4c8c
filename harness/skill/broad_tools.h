#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace skillaudit {

/// The entries of `allowed-tools` that let an agent run anything: `*`, a shell without a limit
/// (`Bash`, `Bash(*)`), or one limited to a program that runs any other (`Bash(sudo:*)`). In the
/// order of the file, each once, at most 10. Entries are separated by blanks or commas;
/// those within parentheses belong to the entry.
[[nodiscard]] std::vector<std::string> broad_tools(std::string_view allowed_tools);

}  // namespace skillaudit
