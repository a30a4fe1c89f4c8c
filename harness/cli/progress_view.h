#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "harness/base/progress.h"

namespace skillaudit {

/// Progress on stderr. On a terminal: one live line for each stage with its running time, which
/// stays with a tick and the final time. Elsewhere: a plain line when a stage begins and one when
/// it ends. `quiet`: nothing.
[[nodiscard]] std::unique_ptr<Progress> make_progress_view(bool quiet);

}  // namespace skillaudit
