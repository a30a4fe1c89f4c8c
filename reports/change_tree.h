#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "harness/analysis/assessment.h"

namespace skillaudit {

/// How much of a kind lies below a folder.
struct FolderTotals {
  std::array<std::size_t, 3> files{};  ///< by ChangeKind
  std::uint64_t bytes = 0;
  [[nodiscard]] std::size_t all() const { return files[0] + files[1] + files[2]; }
};

/// A folder with what changed in it. Views are of the changes, which must outlive it.
struct FolderNode {
  std::string_view name;  ///< raw; with the names between where a folder holds one folder alone:
                          ///< "home/ubuntu/"
  FolderTotals totals;    ///< of all changes below, listed or not
  std::vector<FolderNode> folders;
  struct Leaf {
    std::string_view name;  ///< raw, relative to the folder
    const FileChange* change = nullptr;
  };
  std::vector<Leaf> files;
  std::size_t unlisted = 0;  ///< changes below that are neither in `files` nor in `folders`
};

/// The skill's own changes as a tree; its root has no name and holds "/". Counts are of all of
/// them, and the `most` that tell most are listed: those that findings name, what was deleted or
/// changed before what was added. Folders that hold listed changes are not listed themselves, as in
/// file_overview(). A million changes take a few hundred milliseconds. No tree is deeper than
/// kDeepest: below, names are paths.
[[nodiscard]] FolderNode change_tree_of(const Assessment& assessment, std::size_t most);
inline constexpr std::size_t kDeepest = 24;

}  // namespace skillaudit
