#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/disk/attributes.h"
#include "harness/disk/block_map.h"
#include "harness/disk/gaps.h"
#include "harness/disk/guest_disk.h"
#include "harness/disk/inode.h"

namespace skillaudit {

/// Which inodes are in use, and their rank among them in constant time.
class InodeBitmap {
 public:
  /// `bits`: one for each inode from number 1, lowest bit first. Its size is a multiple of 8.
  explicit InodeBitmap(std::vector<unsigned char> bits);
  [[nodiscard]] std::uint64_t total() const { return total_; }
  /// How many inodes with a lower number are in use; none when `number` is not in use itself.
  [[nodiscard]] std::optional<std::uint32_t> rank(std::uint64_t number) const;
  /// Of the inodes in use, ascending.
  [[nodiscard]] std::vector<std::uint32_t> numbers() const;

 private:
  [[nodiscard]] std::uint64_t word(std::size_t i) const;
  std::vector<unsigned char> bits_;
  std::vector<std::uint32_t> before_;  ///< for each word of 64 bits
  std::uint64_t total_ = 0;
};

/// An inode whose content the listing needs, and which must be looked for.
struct PendingInode {
  std::uint32_t record = 0;
  ext2_inode inode{};
};

/// A directory or link whose content lay in the inode.
struct InlineContent {
  std::uint32_t record = 0;
  std::string content;
};

struct InodeTable {
  InodeBitmap bitmap;
  std::vector<InodeRecord> records;    ///< those in use, by number
  std::vector<std::uint32_t> numbers;  ///< of the records
  std::vector<PendingInode> directories;
  std::vector<InlineContent> inline_directories;
  std::vector<PendingInode> long_links;  ///< their targets lie in a block
  std::vector<InlineContent> links;      ///< sorted by record once read_links() is done
  /// Large attributes live in inodes of their own, which have no name.
  std::vector<std::uint32_t> attribute_records;
  std::vector<InodeAttributes> attributes;  ///< sorted by record
};

/// Reads bitmaps and tables, each once and from front to back. Of more than `most` inodes in use
/// none is read: Error{Evidence}.
[[nodiscard]] InodeTable read_inode_table(GuestDisk& disk, std::uint64_t most, Gaps& gaps);

/// Fetches the targets of `long_links` into `links`.
void read_links(GuestDisk& disk, InodeTable& table, StepBudget& budget, Gaps& gaps);

}  // namespace skillaudit
