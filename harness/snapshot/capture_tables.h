#pragma once

#include <string_view>
#include <vector>

namespace skillaudit {

/// The names of all tables of a capture, sorted.
[[nodiscard]] const std::vector<std::string_view>& capture_tables();

}  // namespace skillaudit
