#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "harness/disk/block_source.h"
#include "harness/evidence/gap.h"

struct struct_ext2_filsys;
struct ext2_inode;

namespace skillaudit {

/// The ext2, ext3 or ext4 file system of a guest's disk, read from outside and never written. The
/// guest could write anything to it: nothing on it is believed before it is checked.
class GuestDisk {
 public:
  /// Reads the superblock and the group descriptors. Throws Error{Evidence} when there is no such
  /// file system or its description contradicts itself.
  explicit GuestDisk(std::unique_ptr<BlockSource> source);
  ~GuestDisk();
  GuestDisk(GuestDisk&&) noexcept;
  GuestDisk& operator=(GuestDisk&&) = delete;

  /// What is odd about the file system as a whole, a sentence each: its journal was not replayed,
  /// its image ends too early.
  [[nodiscard]] const std::vector<Gap>& gaps() const;

  // For this room alone.
  [[nodiscard]] struct_ext2_filsys* fs() const;
  [[nodiscard]] BlockSource& source() const;
  [[nodiscard]] std::uint32_t block_size() const;
  /// Whether `count` blocks from `first` lie where files may lie.
  [[nodiscard]] bool holds(std::uint64_t first, std::uint64_t count) const;
  /// libext2fs, when it asks for the inode `number`, gets this one: it need not read it again. The
  /// inode must outlive its use; null ends it.
  void lend(std::uint32_t number, const ext2_inode* inode);
  /// Throws what the source threw inside of libext2fs, whose C code cannot pass it on.
  void rethrow() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace skillaudit
