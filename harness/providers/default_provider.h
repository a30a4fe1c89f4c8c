#pragma once

#include "harness/machine/provider.h"

namespace skillaudit {

/// The provider of machines that this program uses. The program and the fixtures hand it down;
/// nothing else links a provider.
[[nodiscard]] MachineProvider& default_provider();

}  // namespace skillaudit
