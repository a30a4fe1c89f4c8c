#pragma once

#include <cstdint>
#include <string_view>

namespace skillaudit {

/// How far a skill's documents name an effect.
enum class ConsentExtent : std::uint8_t { None, General, Exactly };
[[nodiscard]] std::string_view name_of(ConsentExtent);  ///< "in general"

}  // namespace skillaudit
