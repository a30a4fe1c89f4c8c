#pragma once

#include <string>
#include <vector>

#include "harness/cli/command.h"

namespace skillaudit {

/// One function per subcommand (one file each): adds it to `program`, with its action.
void add_run_command(Command& program);
/// `gtest_flags`: as take_gtest_flags() found them.
void add_test_command(Command& program, const std::vector<std::string>& gtest_flags);
void add_report_command(Command& program);
/// `report diff`: `report` is the command that add_report_command() made.
void add_report_diff_command(Command& report);
void add_gate_command(Command& program);
void add_explain_command(Command& program);
void add_image_command(Command& program);
/// `guest_command`: as take_guest_command() found it.
void add_vm_command(Command& program, const std::vector<std::string>& guest_command);
void add_doctor_command(Command& program);
/// Both list the commands of `program` when they print.
void add_completion_command(Command& program);
void add_manual_command(Command& program);
void add_version_command(Command& program);

/// Removes what follows `--` from the words of `vm ssh [NAME] -- CMD…` and returns it, so that the
/// first word of CMD is not read as NAME. Nothing for other commands.
[[nodiscard]] std::vector<std::string> take_guest_command(std::vector<std::string>& words);

}  // namespace skillaudit
