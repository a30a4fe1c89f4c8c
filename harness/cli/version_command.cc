#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "harness/base/version.h"
#include "harness/cli/commands.h"

namespace skillaudit {

void add_version_command(CLI::App& app, Action& chosen) {
  CLI::App* command = app.add_subcommand("version", "Print the version");
  command->footer("Example:\n  skillaudit version");
  command->callback([&chosen] {
    chosen = [] {
      fmt::print("skillaudit {}\n", kVersion);
      return 0;
    };
  });
}

}  // namespace skillaudit
