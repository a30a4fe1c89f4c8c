#pragma once

#include <string_view>

#include "harness/sensors/decoys.h"

namespace skillaudit {

/// The project that the user of the furnished home has open, relative to the home: skills work
/// here. Its sources are templates like the rest of the home.
inline constexpr std::string_view kUserProject = "projects/tidewatch";

/// Puts the project under version control: adds its `.git` folder to the home, with a history of a
/// few commits that ends with its files as they are.
void add_repository(FurnishedHome& home);

}  // namespace skillaudit
