#pragma once

#include <string_view>

#include "harness/evidence/evidence.h"

namespace skillaudit {

/// Whether one clone's own evidence shows that lines of a program ran: each host that they name was
/// asked, or anybody but a mirror where they name none; and if they name secrets, a credential of
/// the home was opened. What was sent then is judged by what left. `clone`: its own evidence, not
/// that of its worlds.
[[nodiscard]] bool shows(const Evidence& clone, std::string_view part);

/// Whether any clone of the audit shows it.
[[nodiscard]] bool is_seen(std::string_view part, const Evidence& evidence);

/// Whether a clone of the audit asked anybody but a mirror and opened a credential of the home.
[[nodiscard]] bool used_both(const Evidence& evidence);

}  // namespace skillaudit
