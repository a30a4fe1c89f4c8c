#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/disk/gaps.h"
#include "harness/disk/guest_disk.h"
#include "harness/disk/inode.h"

namespace skillaudit {

/// An extended attribute of an inode, as getxattr(2) gives it.
struct Attribute {
  std::string name;  ///< "user.label", "system.posix_acl_access"
  std::string value;
};

/// Those of one inode.
struct InodeAttributes {
  std::uint32_t record = 0;
  std::vector<Attribute> attributes;
};

/// The entries of a table of attributes. Their values lie in `values`, by their distance from its
/// start. What makes no sense ends the table.
[[nodiscard]] std::vector<Attribute> parse_attribute_table(std::span<const char> table,
                                                           std::span<const char> values);

/// Collects what the inodes of a disk have of attributes: those in the inode, those in a block of
/// their own, and of the inode's flags those that tell (kKeptFlags), as the attribute "flags".
class AttributeCollector {
 public:
  void take(std::uint32_t record, const RawInode& raw);
  /// Reads the blocks. Sorted by record.
  [[nodiscard]] std::vector<InodeAttributes> finish(GuestDisk& disk, Gaps& gaps);

 private:
  struct Block {
    std::uint64_t number = 0;
    std::uint32_t record = 0;
  };
  std::vector<InodeAttributes> found_;
  std::vector<Block> blocks_;
};

}  // namespace skillaudit
