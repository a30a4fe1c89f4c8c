#pragma once

#include <string>

namespace skillaudit {

/// "2026-01-31T12:00:00Z", the host's clock.
[[nodiscard]] std::string utc_now();

}  // namespace skillaudit
