#pragma once

#include <string_view>

namespace skillaudit {

/// Whether a file of the home with a canary is the user's own affair: not one of a project, which a
/// skill may work on. `name` is Decoy::name of the canary.
[[nodiscard]] bool is_personal_document(std::string_view name);

}  // namespace skillaudit
