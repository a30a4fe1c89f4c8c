#pragma once

#include <filesystem>
#include <string_view>

#include "harness/evidence/machine_log.h"

namespace skillaudit {

/// Reads `machine.jsonl`, which the host wrote (harness/observe/watch.cc), and what of
/// `console.log` tells of trouble. The console is the guest's: it is read up to 16 MiB, and at most
/// 1,000 lines of it are told. Files that are not there give nothing.
[[nodiscard]] MachineLog read_machine_log(const std::filesystem::path& bundle);

/// Lines of the kernel's that tell of a warning, of memory that ran out, of a crash or of its end.
[[nodiscard]] std::vector<ConsoleEvent> parse_console(std::string_view text);

}  // namespace skillaudit
