#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace skillaudit {

/// The skills in a folder: itself if it has a SKILL.md, else every folder below that has one and is
/// in no other skill; and each plugin (plugin_parts.h) with no skill in it, which has hooks,
/// servers or commands; sorted. Follows no link and skips `.git` and `node_modules`. Empty if there
/// are none. Throws Error{Skill} for more folders than kMostFolders, or deeper than kDeepestFolder.
[[nodiscard]] std::vector<std::filesystem::path> find_skills(const std::filesystem::path& folder);

inline constexpr std::size_t kMostFolders = 50'000;
inline constexpr int kDeepestFolder = 32;

}  // namespace skillaudit
