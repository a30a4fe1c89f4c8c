#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/changes/changes.h"

namespace skillaudit {

/// Which texts came, went or changed; both lists sorted by path.
[[nodiscard]] std::vector<ConfigDiff> changed_config(const std::vector<ConfigText>& before,
                                                     const std::vector<ConfigText>& after);

/// Unified hunks without file headers, as printable_block() text of at most about 64 KiB. A text
/// that holds NUL, or has more than 5,000 lines, yields one sentence with the sizes instead: both
/// texts are the guest's, and a diff is quadratic at worst.
[[nodiscard]] std::string unified_diff(std::string_view before, std::string_view after);

}  // namespace skillaudit
