#include <fmt/core.h>

#include "harness/base/version.h"
#include "harness/cli/commands.h"

namespace skillaudit {

void add_version_command(Command& program) {
  Command command = program.add_command("version", "Print the version");
  command.set_footer("Example:\n  skillaudit version");
  command.set_action([] {
    fmt::print("skillaudit {}\n", kVersion);
    return 0;
  });
}

}  // namespace skillaudit
