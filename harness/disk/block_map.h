#pragma once

#include <ext2fs/ext2fs.h>

#include <cstdint>
#include <string>
#include <vector>

#include "harness/disk/guest_disk.h"

namespace skillaudit {

/// Where a stretch of a file lies. All in blocks.
struct Extent {
  std::uint64_t logical = 0;
  std::uint64_t physical = 0;
  std::uint64_t count = 0;
  bool unwritten = false;  ///< allocated and never written: reads as zeros
};

struct BlockMap {
  std::vector<Extent> extents;  ///< ascending, apart from one another, all on the disk
  std::string problem;          ///< why the map ends early; empty when it is whole
};

/// Nodes of extent trees and blocks of block maps that may be looked at. A hostile tree leads
/// through the same nodes for ever.
struct StepBudget {
  std::uint64_t left = 16U << 20;
  /// False once it is used up.
  [[nodiscard]] bool take(std::uint64_t steps) {
    left -= steps < left ? steps : left;
    return left != 0;
  }
};

/// Where the first `blocks` blocks of an inode lie. Throws what the source throws.
[[nodiscard]] BlockMap map_blocks(GuestDisk& disk, std::uint32_t number, const ext2_inode& inode,
                                  std::uint64_t blocks, StepBudget& budget);

}  // namespace skillaudit
