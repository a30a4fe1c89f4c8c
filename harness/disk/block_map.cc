#include "harness/disk/block_map.h"

#include <fmt/core.h>

#include <algorithm>
#include <memory>

namespace skillaudit {
namespace {

/// The deepest tree that Linux makes (EXT4_MAX_EXTENT_DEPTH).
constexpr int kDeepest = 5;

/// What reading a node costs beside looking at one of its entries.
constexpr std::uint64_t kNode = 16;

constexpr char kUsedUp[] = "the disk's block maps take too long to follow";

class Builder {
 public:
  Builder(GuestDisk& disk, std::uint64_t blocks, StepBudget& budget)
      : disk_(disk), blocks_(blocks), budget_(budget) {}

  [[nodiscard]] bool take(std::uint64_t steps) {
    if (!budget_.take(steps)) map.problem = kUsedUp;
    return map.problem.empty();
  }

  /// False when the walk should end.
  bool add(Extent extent) {
    if (extent.logical >= blocks_) return false;  // preallocated past the end
    extent.count = std::min(extent.count, blocks_ - extent.logical);
    if (extent.logical < next_) {
      map.problem = fmt::format("block {} has two places", extent.logical);
    } else if (!disk_.holds(extent.physical, extent.count)) {
      map.problem =
          fmt::format("block {} lies at {}, off the disk", extent.logical, extent.physical);
    }
    if (!map.problem.empty() || extent.count == 0) return false;
    next_ = extent.logical + extent.count;
    Extent* last = map.extents.empty() ? nullptr : &map.extents.back();
    if (last != nullptr && last->logical + last->count == extent.logical &&
        last->physical + last->count == extent.physical && last->unwritten == extent.unwritten) {
      last->count += extent.count;
    } else {
      map.extents.push_back(extent);
    }
    return true;
  }

  BlockMap map;

 private:
  GuestDisk& disk_;
  std::uint64_t blocks_;
  StepBudget& budget_;
  std::uint64_t next_ = 0;
};

void walk_extents(GuestDisk& disk, std::uint32_t number, ext2_inode inode, Builder& builder) {
  const auto* header = reinterpret_cast<const ext3_extent_header*>(inode.i_block);
  if (header->eh_magic == EXT3_EXT_MAGIC && header->eh_depth > kDeepest) {
    builder.map.problem = fmt::format("its extent tree is {} levels deep", header->eh_depth);
    return;
  }
  ext2_extent_handle_t handle = nullptr;
  errcode_t error = ext2fs_extent_open2(disk.fs(), number, &inode, &handle);
  const std::unique_ptr<ext2_extent_handle, void (*)(ext2_extent_handle_t)> owner(
      handle, ext2fs_extent_free);
  ext2fs_extent extent{};
  int move = EXT2_EXTENT_ROOT;
  while (error == 0) {
    error = ext2fs_extent_get(handle, move, &extent);
    if (error != 0) break;
    move = EXT2_EXTENT_NEXT;
    const bool leaf = (extent.e_flags & EXT2_EXTENT_FLAGS_LEAF) != 0;
    if (!builder.take(leaf ? 1 : kNode)) return;
    if (!leaf) continue;
    const bool unwritten = (extent.e_flags & EXT2_EXTENT_FLAGS_UNINIT) != 0;
    if (!builder.add({extent.e_lblk, extent.e_pblk, extent.e_len, unwritten})) return;
  }
  if (error != EXT2_ET_EXTENT_NO_NEXT) {
    builder.map.problem = fmt::format("libext2fs says '{}' of its extents", error_message(error));
  }
}

int visit_block(ext2_filsys, blk64_t* block, e2_blkcnt_t logical, blk64_t, int, void* opaque) {
  Builder& builder = *static_cast<Builder*>(opaque);
  if (!builder.take(logical < 0 ? kNode : 1)) return BLOCK_ABORT;
  if (logical < 0) return 0;  // an indirect block
  return builder.add({static_cast<std::uint64_t>(logical), *block, 1, false}) ? 0 : BLOCK_ABORT;
}

}  // namespace

BlockMap map_blocks(GuestDisk& disk, std::uint32_t number, const ext2_inode& inode,
                    std::uint64_t blocks, StepBudget& budget) {
  Builder builder(disk, blocks, budget);
  if (!builder.take(1)) return std::move(builder.map);
  // The checksum of a node covers the inode's generation.
  disk.lend(number, &inode);
  if ((inode.i_flags & EXT4_EXTENTS_FL) != 0) {
    walk_extents(disk, number, inode, builder);
  } else {
    // Not DATA_ONLY: indirect blocks that hold nothing would be walked unseen.
    const errcode_t error = ext2fs_block_iterate3(disk.fs(), number, BLOCK_FLAG_READ_ONLY, nullptr,
                                                  visit_block, &builder);
    if (error != 0 && builder.map.problem.empty()) {
      builder.map.problem = fmt::format("libext2fs says '{}' of its blocks", error_message(error));
    }
  }
  disk.lend(0, nullptr);
  disk.rethrow();
  return std::move(builder.map);
}

}  // namespace skillaudit
