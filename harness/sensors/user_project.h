#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/sensors/decoys.h"

namespace skillaudit {

/// The project that the user of the furnished home has open, relative to the home: skills work
/// here. Its sources are templates like the rest of the home.
inline constexpr std::string_view kUserProject = "projects/tidewatch";

/// Puts the project under version control: adds its `.git` folder to the home, with a history of a
/// few commits that ends with its files as they are.
void add_repository(FurnishedHome& home);

/// Adds copies of the project as the folders ("/srv/app", "~/work/app"), whose texts have the
/// canaries of the project. `home_path` is the absolute path of the home. A folder that is there,
/// or that lies in one or above one that is there, stays as it is.
void add_projects(FurnishedHome& home, const std::vector<std::string>& folders,
                  const std::string& home_path);

}  // namespace skillaudit
