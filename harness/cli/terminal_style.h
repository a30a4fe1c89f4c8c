#pragma once

#include "reports/render_terminal.h"

namespace skillaudit {

/// Whether stdout is a terminal that a person looks at.
[[nodiscard]] bool stdout_is_terminal();

/// How stdout wants its text: the terminal's own width, and colours unless NO_COLOR is set and not
/// empty (https://no-color.org) or the terminal has none. What is no terminal gets neither.
[[nodiscard]] TerminalStyle style_of_stdout();

}  // namespace skillaudit
