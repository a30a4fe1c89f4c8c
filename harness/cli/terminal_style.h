#pragma once

#include "reports/render_terminal.h"

namespace skillaudit {

/// Whether stdout is a terminal.
[[nodiscard]] bool stdout_is_terminal();

/// The terminal's width, and colours unless NO_COLOR is set and not empty (https://no-color.org) or
/// the terminal has none. Neither if stdout is not a terminal.
[[nodiscard]] TerminalStyle style_of_stdout();

}  // namespace skillaudit
