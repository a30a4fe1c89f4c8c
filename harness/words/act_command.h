#pragma once

#include <string>

#include "harness/words/asked.h"

namespace skillaudit {

/// For bash: what an agent would type to do what is asked. Files are taken whole, so that what is
/// secret in them is found again where it is sent. Text that the sentence leaves to the reader is
/// one line of prose, and then no file that is there is overwritten.
[[nodiscard]] std::string command_of(const Asked& asked);

}  // namespace skillaudit
