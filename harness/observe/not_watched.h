#pragma once

#include <vector>

#include "harness/evidence/gap.h"
#include "harness/machine/facts.h"

namespace skillaudit {

/// A gap for each kind of evidence that the machine's provider cannot observe. Nothing was lost:
/// nobody watched. The next boot is not among them, since most audits need none.
[[nodiscard]] std::vector<Gap> not_watched(const Capabilities& can);

}  // namespace skillaudit
