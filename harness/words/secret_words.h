#pragma once

#include <string_view>
#include <vector>

#include "harness/words/asked.h"

namespace skillaudit {

/// Secrets, folders and outputs that words describe without naming a path: "the SSH key",
/// "environment variables", "the git log", "the home folder". `words`: lower case, one blank
/// between two.
[[nodiscard]] std::vector<ActTarget> described_targets(std::string_view words);

}  // namespace skillaudit
