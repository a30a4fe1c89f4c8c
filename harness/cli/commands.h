#pragma once

#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace skillaudit {

/// One function per subcommand (one file each): adds it to `app`; once it was parsed, `chosen` does
/// its work and returns the exit code.
using Action = std::function<int()>;
void add_run_command(CLI::App& app, Action& chosen);
/// `gtest_flags`: as take_gtest_flags() found them.
void add_test_command(CLI::App& app, Action& chosen, const std::vector<std::string>& gtest_flags);
void add_report_command(CLI::App& app, Action& chosen);
/// `report diff`: `report` is the command that add_report_command() made.
void add_report_diff_command(CLI::App& report, Action& chosen);
void add_gate_command(CLI::App& app, Action& chosen);
void add_explain_command(CLI::App& app, Action& chosen);
void add_image_command(CLI::App& app, Action& chosen);
/// `guest_command`: as take_guest_command() found it.
void add_vm_command(CLI::App& app, Action& chosen, const std::vector<std::string>& guest_command);
void add_doctor_command(CLI::App& app, Action& chosen);
/// `app` is asked for its commands when the completion is printed.
void add_completion_command(CLI::App& app, Action& chosen);
void add_manual_command(CLI::App& app, Action& chosen);
void add_version_command(CLI::App& app, Action& chosen);

/// Takes what follows `--` off the words of `vm ssh [NAME] -- CMD…`, so that a first word of CMD is
/// never read as NAME. Nothing, for other commands.
[[nodiscard]] std::vector<std::string> take_guest_command(std::vector<std::string>& words);

}  // namespace skillaudit
