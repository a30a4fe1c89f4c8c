#pragma once

#include <string_view>
#include <vector>

#include "harness/evidence/coverage.h"

namespace skillaudit {

/// As statements_of() for the shell. By a scan of quotes, not by a parser: in doubt two commands
/// are one statement, which then counts as run where one of them ran.
[[nodiscard]] std::vector<LineRange> shell_statements(std::string_view code);

}  // namespace skillaudit
