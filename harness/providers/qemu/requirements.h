#pragma once

#include <vector>

#include "harness/base/requirement.h"

namespace skillaudit {

/// The programs that every machine needs.
[[nodiscard]] const std::vector<Requirement>& qemu_programs();
/// The programs that building an image needs besides.
[[nodiscard]] const std::vector<Requirement>& image_programs();

}  // namespace skillaudit
