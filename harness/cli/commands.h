#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace skillaudit {

/// One function per subcommand (one file each): adds it to `app`; once it was parsed, `chosen` does
/// its work and returns the exit code.
using Action = std::function<int()>;
void add_run_command(CLI::App& app, Action& chosen);
void add_report_command(CLI::App& app, Action& chosen);
void add_image_command(CLI::App& app, Action& chosen);
void add_doctor_command(CLI::App& app, Action& chosen);
void add_version_command(CLI::App& app, Action& chosen);

}  // namespace skillaudit
