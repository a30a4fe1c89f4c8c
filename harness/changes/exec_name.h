#pragma once

#include <string>
#include <string_view>

#include "harness/evidence/evidence.h"

namespace skillaudit {

/// What a person would call a process that was started so: "scripts/setup.sh" below the skill's
/// folder, "setup.sh" elsewhere, "curl"; the interpreter itself where it runs text of its command
/// line. Raw bytes.
[[nodiscard]] std::string name_of_exec(const TraceEvent& exec, const std::string& skill_dir);
/// The file that an interpreter was told to run, as it was named; empty where there is none.
[[nodiscard]] std::string_view script_of_exec(const TraceEvent& exec);
/// Whether a base name is that of a shell.
[[nodiscard]] bool is_shell(std::string_view name);

/// "pip" of `python3 -m pip`; empty where no module is run so.
[[nodiscard]] std::string_view module_of_exec(const TraceEvent& exec);

}  // namespace skillaudit
