#pragma once

#include <string_view>

#include "harness/evidence/skill.h"

namespace skillaudit {

/// Whether code of a shell, of Python or of Node waits for somebody to type: `read`, `input()`,
/// `question()`. A loop that reads data from a pipe or a file does not.
[[nodiscard]] bool asks_person(std::string_view code);

/// Whether the command does, or a program of the skill that it names.
[[nodiscard]] bool command_asks_person(std::string_view command, const Skill& skill);

/// What somebody types who agrees: enough lines for a dialogue.
inline constexpr std::string_view kAgreeing =
    "y\ny\ny\ny\ny\ny\ny\ny\ny\ny\ny\ny\ny\ny\ny\ny\ny\ny\ny\ny\n";

}  // namespace skillaudit
