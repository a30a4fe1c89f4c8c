#include "harness/cli/terminal_style.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

#include "harness/cli/called_as.h"

namespace skillaudit {

bool stdout_is_terminal() { return ::isatty(STDOUT_FILENO) == 1; }

TerminalStyle style_of_stdout() {
  TerminalStyle style;
  style.program = called_as();
  if (!stdout_is_terminal()) return style;
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    style.columns = size.ws_col;
  const char* no_colour = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  const bool refused = no_colour != nullptr && *no_colour != '\0';
  style.colour = !refused && term != nullptr && std::string_view(term) != "dumb";
  return style;
}

}  // namespace skillaudit
