#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/evidence/evidence.h"

namespace skillaudit {

/// A line of a shell holds more than one command, and a line that ran need not have run each. Of
/// `line`, the first program by which shells reach the network and that no clone of the audit
/// started: by the kernel's trace, never by what the guest says. Empty where each was.
[[nodiscard]] std::string unstarted_sender(std::string_view line, const Evidence& evidence);

/// The same of the programs by which shells delete, move and keep things.
[[nodiscard]] std::string unstarted_doer(std::string_view line, const Evidence& evidence);

}  // namespace skillaudit
