#include "harness/disk/inode.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstring>
#include <limits>
#include <string>

namespace skillaudit {
namespace {

std::string inode_with(std::uint32_t seconds, std::uint32_t extra, std::uint16_t extra_size = 32) {
  ext2_inode_large inode{};
  inode.i_mode = LINUX_S_IFREG;
  inode.i_mtime = seconds;
  inode.i_mtime_extra = extra;
  inode.i_extra_isize = extra_size;
  std::string bytes(256, '\0');
  std::memcpy(bytes.data(), &inode, sizeof inode);
  return bytes;
}

std::int64_t seconds_of(std::uint32_t seconds, std::uint32_t extra) {
  return RawInode(inode_with(seconds, extra)).record(false).mtime_ns / 1'000'000'000;
}

/// The table of "Inode Timestamps" in Linux' Documentation/filesystems/ext4/inodes.rst, as far as
/// nanoseconds in 64 bits reach.
TEST(RawInode, DecodesTheExtraBitsOfEpochs) {
  EXPECT_EQ(seconds_of(0x80000000, 0), -0x80000000LL);
  EXPECT_EQ(seconds_of(0xffffffff, 0), -1);
  EXPECT_EQ(seconds_of(0x7fffffff, 0), 0x7fffffffLL);
  EXPECT_EQ(seconds_of(0x80000000, 1), 0x80000000LL);
  EXPECT_EQ(seconds_of(0xffffffff, 1), 0xffffffffLL);
  EXPECT_EQ(seconds_of(0, 1), 0x100000000LL);
  EXPECT_EQ(seconds_of(0x7fffffff, 1), 0x17fffffffLL);
  EXPECT_EQ(seconds_of(0x80000000, 2), 0x180000000LL);
  EXPECT_EQ(seconds_of(0, 2), 0x200000000LL);
}

TEST(RawInode, ClampsWhatNanosecondsCannotHold) {
  EXPECT_EQ(RawInode(inode_with(0x7fffffff, 3)).record(false).mtime_ns,
            std::numeric_limits<std::int64_t>::max());
}

TEST(RawInode, ReadsNoExtraTimeThatTheInodeDoesNotHave) {
  const std::uint32_t extra = (999U << 2) | 1;
  EXPECT_EQ(RawInode(inode_with(5, extra, 32)).record(false).mtime_ns,
            0x100000005 * 1'000'000'000 + 999);
  EXPECT_EQ(RawInode(inode_with(5, extra, 4)).record(false).mtime_ns, 5'000'000'000);
  EXPECT_EQ(RawInode(inode_with(5, extra).substr(0, 128)).record(false).mtime_ns, 5'000'000'000);
}

TEST(RawInode, SaysWhenItsExtraFieldsDoNotFit) {
  for (const auto& [size, sane] :
       {std::pair{0, true}, {32, true}, {128, true}, {132, false}, {30, false}}) {
    const std::string bytes = inode_with(0, 0, static_cast<std::uint16_t>(size));
    EXPECT_EQ(RawInode(bytes).extra_is_sane(), sane) << size;
  }
}

TEST(RawInode, ADirectoryHasALargeSizeOnlyWhereTheFileSystemAllowsIt) {
  std::string bytes = inode_with(0, 0);
  ext2_inode inode{};
  inode.i_mode = LINUX_S_IFDIR;
  inode.i_size = 7;
  inode.i_size_high = 1;
  std::memcpy(bytes.data(), &inode, offsetof(ext2_inode, osd2));
  EXPECT_EQ(RawInode(bytes).record(false).size, 7U);
  EXPECT_EQ(RawInode(bytes).record(true).size, 0x100000007U);
}

}  // namespace
}  // namespace skillaudit
