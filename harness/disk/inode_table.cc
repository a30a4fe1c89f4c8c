#include "harness/disk/inode_table.h"

#include <algorithm>
#include <cstring>

#include "harness/base/error.h"

namespace skillaudit {
namespace {

/// The bits of all groups, of which `per_group` are each one's.
InodeBitmap read_bitmap(GuestDisk& disk, Gaps& gaps) {
  ext2_filsys fs = disk.fs();
  const std::uint32_t per_group = fs->super->s_inodes_per_group;
  const std::uint64_t table = std::uint64_t{fs->super->s_inodes_count} * fs->super->s_inode_size;
  const std::uint64_t inodes = std::uint64_t{per_group} * fs->group_desc_count;
  if (inodes != fs->super->s_inodes_count || per_group % 8 != 0 || per_group / 8 > fs->blocksize ||
      table > disk.source().size()) {
    fail(ErrorKind::Evidence, "the guest's disk claims {} inodes, which it cannot hold",
         fs->super->s_inodes_count);
  }
  std::vector<unsigned char> bits((inodes + 63) / 64 * 8);
  std::vector<DiskRange> pieces;
  std::vector<dgrp_t> groups;
  const bool checksums = ext2fs_has_group_desc_csum(fs) != 0;
  for (dgrp_t group = 0; group < fs->group_desc_count; ++group) {
    if (checksums && ext2fs_group_desc_csum_verify(fs, group) == 0) {
      gaps.add("the descriptor of block group {} has a wrong checksum", group);
    }
    if (checksums && ext2fs_bg_flags_test(fs, group, EXT2_BG_INODE_UNINIT) != 0) continue;
    const blk64_t block = ext2fs_inode_bitmap_loc(fs, group);
    if (!disk.holds(block, 1)) {
      gaps.add("the inode bitmap of block group {} lies off the disk", group);
      continue;
    }
    pieces.push_back({block * fs->blocksize, fs->blocksize});
    groups.push_back(group);
  }
  read_pieces(disk.source(), pieces, [&](std::size_t i, std::span<char> block) {
    if (block.empty()) {
      gaps.add("the inode bitmap of block group {} cannot be read", groups[i]);
      return;
    }
    const std::size_t size = per_group / 8;
    if (ext2fs_inode_bitmap_csum_verify(fs, groups[i], block.data(), static_cast<int>(size)) == 0) {
      gaps.add("the inode bitmap of block group {} has a wrong checksum", groups[i]);
    }
    std::memcpy(bits.data() + std::size_t{groups[i]} * size, block.data(), size);
  });
  return InodeBitmap(std::move(bits));
}

/// What of the tables must be read, and the number of the first inode of each piece.
struct TablePlan {
  std::vector<DiskRange> pieces;
  std::vector<std::uint32_t> first;
};

TablePlan plan_tables(GuestDisk& disk, const InodeTable& table, Gaps& gaps) {
  ext2_filsys fs = disk.fs();
  const std::uint32_t per_group = fs->super->s_inodes_per_group;
  const std::uint32_t inode_size = fs->super->s_inode_size;
  TablePlan plan;
  // The numbers ascend, and what a group does not use at its end is not read.
  for (auto at = table.numbers.begin(); at != table.numbers.end();) {
    const dgrp_t group = (*at - 1) / per_group;
    const std::uint32_t first = group * per_group + 1;
    const auto end = std::upper_bound(at, table.numbers.end(), first + (per_group - 1));
    const std::uint64_t used = std::uint64_t{*(end - 1) - first + 1} * inode_size;
    at = end;
    const blk64_t block = ext2fs_inode_table_loc(fs, group);
    if (!disk.holds(block, (used + fs->blocksize - 1) / fs->blocksize)) {
      gaps.add("the inode table of block group {} lies off the disk", group);
      continue;
    }
    for (std::uint64_t done = 0; done < used; done += kMostAtOnce) {
      const std::uint64_t size = std::min<std::uint64_t>(kMostAtOnce, used - done);
      plan.pieces.push_back({block * fs->blocksize + done, static_cast<std::uint32_t>(size)});
      plan.first.push_back(first + static_cast<std::uint32_t>(done / inode_size));
    }
  }
  return plan;
}

class TableReader {
 public:
  TableReader(GuestDisk& disk, InodeTable& table, Gaps& gaps)
      : fs_(disk.fs()),
        table_(table),
        gaps_(gaps),
        inode_size_(fs_->super->s_inode_size),
        checksums_(ext2fs_has_feature_metadata_csum(fs_->super) != 0),
        large_dir_(ext2fs_has_feature_largedir(fs_->super) != 0) {}

  /// `first` is the number of the first inode in `bytes`.
  void take(std::uint32_t first, std::uint32_t count, std::span<char> bytes) {
    auto at = std::lower_bound(table_.numbers.begin(), table_.numbers.end(), first);
    if (bytes.empty()) {
      gaps_.add("inodes {} to {} cannot be read", first, first + (count - 1));
      return;
    }
    for (; at != table_.numbers.end() && *at - first < count; ++at) {
      take_inode(static_cast<std::uint32_t>(at - table_.numbers.begin()), *at,
                 bytes.subspan(std::size_t{*at - first} * inode_size_, inode_size_));
    }
  }

  void finish(GuestDisk& disk) { table_.attributes = attributes_.finish(disk, gaps_); }

 private:
  void take_inode(std::uint32_t index, std::uint32_t number, std::span<char> bytes) {
    const RawInode raw(bytes);
    const ext2_inode& inode = raw.base();
    if (checksums_ && ext2fs_inode_csum_verify(
                          fs_, number, reinterpret_cast<ext2_inode_large*>(bytes.data())) == 0) {
      gaps_.add("inode {} has a wrong checksum", number);
    }
    if (number < EXT2_FIRST_INODE(fs_->super) && number != EXT2_ROOT_INO) return;
    if (!raw.extra_is_sane()) gaps_.add("inode {} has extra fields of a senseless size", number);
    table_.records[index] = raw.record(large_dir_);
    if ((inode.i_flags & EXT4_EA_INODE_FL) != 0) table_.attribute_records.push_back(index);
    attributes_.take(index, raw);
    if (LINUX_S_ISDIR(inode.i_mode)) take_directory(index, number, raw);
    if (LINUX_S_ISLNK(inode.i_mode)) take_link(index, number, raw);
  }

  void take_directory(std::uint32_t index, std::uint32_t number, const RawInode& raw) {
    if ((raw.base().i_flags & EXT4_ENCRYPT_FL) != 0) {
      gaps_.add("directory inode {} is encrypted: its names are not the ones the guest sees",
                number);
    }
    if ((raw.base().i_flags & EXT4_INLINE_DATA_FL) == 0) {
      table_.directories.push_back({index, raw.base()});
    } else {
      take_inline(table_.inline_directories, index, number, raw);
    }
  }

  void take_link(std::uint32_t index, std::uint32_t number, const RawInode& raw) {
    const ext2_inode& inode = raw.base();
    if ((inode.i_flags & EXT4_INLINE_DATA_FL) != 0) {
      take_inline(table_.links, index, number, raw);
      if (!table_.links.empty() && table_.links.back().record == index) {
        table_.links.back().content.resize(
            std::min<std::size_t>(table_.links.back().content.size(), inode.i_size));
      }
      return;
    }
    if ((inode.i_flags & EXT4_EXTENTS_FL) != 0 || inode.i_size >= sizeof inode.i_block) {
      table_.long_links.push_back({index, inode});
      return;
    }
    const std::string_view target = raw.inline_head().substr(0, inode.i_size);
    table_.links.push_back({index, std::string(target.substr(0, target.find('\0')))});
    if (target.find('\0') != std::string_view::npos) {
      gaps_.add("the target of the link in inode {} is shorter than it says", number);
    }
  }

  void take_inline(std::vector<InlineContent>& into, std::uint32_t index, std::uint32_t number,
                   const RawInode& raw) {
    const auto rest = raw.inline_rest();
    if (!rest) gaps_.add("inode {} says that it holds its content, and does not", number);
    into.push_back({index, std::string(raw.inline_head()) + std::string(rest.value_or(""))});
  }

  ext2_filsys fs_;
  InodeTable& table_;
  Gaps& gaps_;
  AttributeCollector attributes_;
  std::uint32_t inode_size_;
  bool checksums_;
  bool large_dir_;
};

}  // namespace

InodeTable read_inode_table(GuestDisk& disk, std::uint64_t most, Gaps& gaps) {
  InodeTable table{.bitmap = read_bitmap(disk, gaps)};
  if (table.bitmap.total() > most) {
    fail(ErrorKind::Evidence, "the guest's disk uses {} inodes; at most {} are listed",
         table.bitmap.total(), most);
  }
  table.numbers = table.bitmap.numbers();
  table.records.resize(table.numbers.size());

  const std::uint32_t inode_size = disk.fs()->super->s_inode_size;
  const TablePlan plan = plan_tables(disk, table, gaps);
  TableReader reader(disk, table, gaps);
  read_pieces(disk.source(), plan.pieces, [&](std::size_t i, std::span<char> bytes) {
    reader.take(plan.first[i], plan.pieces[i].size / inode_size, bytes);
  });
  reader.finish(disk);
  return table;
}

void read_links(GuestDisk& disk, InodeTable& table, StepBudget& budget, Gaps& gaps) {
  struct Place {
    DiskRange range;
    std::uint32_t record;
  };
  std::vector<Place> places;
  for (const PendingInode& link : table.long_links) {
    const std::uint32_t number = table.numbers[link.record];
    // Linux keeps a target in one block.
    if (link.inode.i_size >= disk.block_size()) {
      gaps.add("the link in inode {} says that its target has {} bytes", number, link.inode.i_size);
      continue;
    }
    const BlockMap map = map_blocks(disk, number, link.inode, 1, budget);
    if (map.extents.empty() || map.extents.front().unwritten) {
      gaps.add("the link in inode {} has no target{}{}", number, map.problem.empty() ? "" : ": ",
               map.problem);
      continue;
    }
    places.push_back(
        {{map.extents.front().physical * disk.block_size(), link.inode.i_size}, link.record});
  }
  std::sort(places.begin(), places.end(),
            [](const Place& a, const Place& b) { return a.range.offset < b.range.offset; });
  std::vector<DiskRange> pieces;
  for (const Place& place : places) pieces.push_back(place.range);
  read_pieces(disk.source(), pieces, [&](std::size_t i, std::span<char> bytes) {
    const std::string_view target(bytes.data(), bytes.size());
    if (target.empty() || target.find('\0') != std::string_view::npos) {
      gaps.add("the target of the link in inode {} cannot be read whole",
               table.numbers[places[i].record]);
    }
    table.links.push_back({places[i].record, std::string(target.substr(0, target.find('\0')))});
  });
  table.long_links = {};
  std::sort(table.links.begin(), table.links.end(),
            [](const InlineContent& a, const InlineContent& b) { return a.record < b.record; });
}

}  // namespace skillaudit
