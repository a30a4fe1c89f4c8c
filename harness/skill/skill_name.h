#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace skillaudit {

/// A skill's name by the specification: 1 to 64 of a-z, 0-9 and single hyphens, none at the ends
/// (https://agentskills.io/specification#name-field).
[[nodiscard]] bool is_valid_skill_name(std::string_view name);

/// The nearest name that the rules allow: "Hello_Notes 2" becomes "hello-notes-2". Empty if no
/// letter or digit is left.
[[nodiscard]] std::string valid_skill_name_like(std::string_view name);

/// "U+0430 CYRILLIC SMALL LETTER A".
[[nodiscard]] std::string character_text(std::uint32_t character);

/// Names the characters outside ASCII, for a complaint: " (it has U+0430 CYRILLIC SMALL LETTER A)".
/// They can look like others, or like nothing. Empty if there are none.
[[nodiscard]] std::string foreign_characters(std::string_view name);

}  // namespace skillaudit
