#pragma once

#include <cstdint>
#include <vector>

#include "harness/disk/inode_table.h"
#include "harness/disk/name_arena.h"

namespace skillaudit {

/// A directory entry.
struct Name {
  std::uint32_t directory = 0;  ///< its place in Names::directories
  std::uint32_t record = 0;     ///< the inode it leads to: its place in InodeTable::records
  std::uint32_t text = 0;       ///< in Names::arena
};

/// Every name on the disk, but for "." and "..".
struct Names {
  std::vector<std::uint32_t> directories;  ///< their records, ascending
  std::vector<Name> names;                 ///< those of one directory together
  /// Where in `names` the entries of each directory begin, and one more.
  std::vector<std::uint32_t> begin;
  NameArena arena;

  /// The place of the directory that is `record`. It must be one.
  [[nodiscard]] std::uint32_t directory_of(std::uint32_t record) const;
};

/// Reads the blocks of all directories in the order in which they lie on the disk. Counts the names
/// of each inode in `table.records`, and frees `table.directories`. Throws Error{Evidence} when
/// there are more than `most` names.
[[nodiscard]] Names read_directories(GuestDisk& disk, InodeTable& table, std::uint64_t most,
                                     StepBudget& budget, Gaps& gaps);

}  // namespace skillaudit
