#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/analysis/changes.h"

namespace skillaudit {

/// Several changed files that a person would name together.
struct FileGroup {
  std::string label;  ///< a path, "/tmp/skill-temp-*.log" or "/home/u/.cache/assets/": raw bytes
  std::size_t files = 0;
  std::uint64_t bytes = 0;
};

/// Groups files in linear time: all files below one folder that is itself new (`new_folders` of the
/// same changes) are one group, named by their common folder; files of one folder with the same
/// beginning (up to the last `-`, `_` or `.` of the stem) and suffix are one group with `*`. Sorted
/// by label. `files` must be sorted by path and hold no folders that have files below them.
[[nodiscard]] std::vector<FileGroup> group_files(const std::vector<const FileChange*>& files,
                                                 const std::vector<std::string>& new_folders);

/// Paths of the folders that were added, sorted.
[[nodiscard]] std::vector<std::string> added_folders(const Changes& changes);

}  // namespace skillaudit
