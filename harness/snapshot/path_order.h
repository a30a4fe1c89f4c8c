#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace skillaudit {

/// Positions in `paths` in the bytewise order of the paths; equal ones stay in their order.
/// For a million paths that share long beginnings: several times as fast as comparing them whole,
/// since each byte is looked at about once. At most 2^32 paths.
[[nodiscard]] std::vector<std::uint32_t> path_order(const std::vector<std::string_view>& paths);

}  // namespace skillaudit
