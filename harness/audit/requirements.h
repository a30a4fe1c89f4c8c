#pragma once

#include <vector>

#include "harness/base/requirement.h"
#include "harness/machine/provider.h"

namespace skillaudit {

/// What every audit runs: the provider's programs and the proxy.
[[nodiscard]] std::vector<Requirement> audit_programs(const MachineProvider& provider);

/// Throws Error{Environment} with all programs that audit_programs() lists and this machine lacks,
/// and the command that installs them. Asked first: an image is built for minutes before the first
/// VM starts.
void require_audit_programs(const MachineProvider& provider);

}  // namespace skillaudit
