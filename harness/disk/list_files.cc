#include "harness/disk/list_files.h"

#include <algorithm>

#include "harness/disk/tree.h"

namespace skillaudit {
namespace {

/// What holds attributes of other files, or is the file system's own, has no name and needs none.
std::vector<std::uint32_t> unnamed_on_purpose(const GuestDisk& disk, const InodeTable& table) {
  std::vector<std::uint32_t> records = table.attribute_records;
  const ext2_super_block& super = *disk.fs()->super;
  for (const std::uint32_t number :
       {super.s_orphan_file_inum, super.s_prj_quota_inum, super.s_journal_inum,
        super.s_usr_quota_inum, super.s_grp_quota_inum}) {
    if (const auto record = table.bitmap.rank(number)) records.push_back(*record);
  }
  std::sort(records.begin(), records.end());
  return records;
}

void find_unnamed(const GuestDisk& disk, const InodeTable& table, DiskListing& listing,
                  Gaps& gaps) {
  const auto known = unnamed_on_purpose(disk, table);
  for (std::uint32_t i = 0; i < table.records.size(); ++i) {
    const InodeRecord& record = table.records[i];
    const std::uint32_t number = table.numbers[i];
    if (number < EXT2_FIRST_INODE(disk.fs()->super) ||
        std::binary_search(known.begin(), known.end(), i)) {
      continue;
    }
    if (record.names == 0) {
      listing.unnamed.push_back({number, record.links, to_entry(record)});
    } else if (!LINUX_S_ISDIR(record.mode) && record.names != record.links) {
      gaps.add("inode {} says that it has {} names, and {} lead to it", number, record.links,
               record.names);
    }
  }
}

}  // namespace

DiskListing list_files(GuestDisk& disk, const ListingOptions& options) {
  DiskListing listing;
  Gaps gaps;
  StepBudget budget;
  InodeTable table = read_inode_table(disk, options.most_inodes, gaps);
  read_links(disk, table, budget, gaps);
  const Names names = read_directories(disk, table, options.most_inodes * 2, budget, gaps);
  walk_tree(table, names, options, listing, gaps);
  find_unnamed(disk, table, listing, gaps);
  listing.gaps = disk.gaps();
  append(listing.gaps, gaps.take());
  return listing;
}

}  // namespace skillaudit
