#pragma once

#include <filesystem>
#include <string>

#include "harness/base/progress.h"
#include "harness/providers/qemu/image.h"

namespace skillaudit {

/// The image of that name. A known operating system is built when there is none yet, when what it
/// is built from has changed, or with `rebuild`. Two processes at once build it once. Throws
/// Error{Usage} for a name that means nothing, Error{Environment}.
[[nodiscard]] Image image_for(const std::filesystem::path& cache, const std::string& os,
                              Progress& progress, bool rebuild = false);

}  // namespace skillaudit
