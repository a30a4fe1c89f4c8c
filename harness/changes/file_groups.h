#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "harness/changes/changes.h"

namespace skillaudit {

/// Paths of the folders that were added: views into the changes, which must outlive them.
using NewFolders = std::unordered_set<std::string_view>;
[[nodiscard]] NewFolders new_folders(const std::vector<FileChange>& files);

/// Sets FileChange::holds_changes. `files` must be sorted by path, each path once.
void mark_folders(std::vector<FileChange>& files);

/// Several changed files that a person would name together.
struct FileGroup {
  std::string label;  ///< a path, "/tmp/skill-temp-*.log" or "/home/u/.cache/assets/": raw bytes
  std::size_t files = 0;
  std::uint64_t bytes = 0;
};

struct FileGroups {
  std::size_t count = 0;         ///< of all groups
  std::vector<FileGroup> first;  ///< by label, at most as many as were asked for
};

/// Groups files in linear time: all files below one folder that is itself new (of the same changes)
/// are one group, named by their common folder; files of one folder with the same beginning (up to
/// the last `-`, `_` or `.` of the stem) and suffix are one group with `*`. `files` must be sorted
/// by path, each path once, and hold no folders that have files below them.
[[nodiscard]] FileGroups group_files(const std::vector<const FileChange*>& files,
                                     const NewFolders& folders, std::size_t most);

}  // namespace skillaudit
