#pragma once

#include <filesystem>
#include <string>

namespace skillaudit {

/// Where a symbolic link of a skill leads.
enum class LinkEnd {
  Inside,    ///< to something in the skill
  Dangling,  ///< to nothing, though the way stays in the skill
  Outside,   ///< the way leaves the skill's folder: an absolute target, or `..` above the folder
  Loop,      ///< more than 40 links on the way (path_resolution(7))
};

/// Follows the link `link` (relative to `root`) as the kernel would, but never beyond `root`:
/// nothing outside is looked at. Links on the way count too, so that `sub -> deep/folder` and
/// `out -> sub/../../..` are judged by where they really lead.
[[nodiscard]] LinkEnd follow_link(const std::filesystem::path& root, const std::string& link);

}  // namespace skillaudit
