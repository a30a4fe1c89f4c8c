#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace skillaudit {

/// A folder from which an agent of this user loads skills.
struct InstalledPlace {
  std::string agent;                           ///< "claude"; empty: shared by agents
  std::filesystem::path folder;                ///< "/home/me/.claude/skills", or a plugin's
  std::vector<std::filesystem::path> entries;  ///< the folders in it; of a plugin itself
};

/// The places that there are, of all agents in the table of places: those in `home`, the plugins
/// that are installed there, and those of the project around `current` (from that folder up to the
/// one with `.git`). An entry that is a link to a folder is where it leads, as agents follow it.
/// Each entry once.
[[nodiscard]] std::vector<InstalledPlace> installed_places(const std::filesystem::path& home,
                                                           const std::filesystem::path& current);

}  // namespace skillaudit
