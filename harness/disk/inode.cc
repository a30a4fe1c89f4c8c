#include "harness/disk/inode.h"

#include <cstddef>
#include <cstring>
#include <limits>

namespace skillaudit {
namespace {

constexpr std::size_t kOldSize = EXT2_GOOD_OLD_INODE_SIZE;
constexpr std::int64_t kSecond = 1'000'000'000;

/// The attribute that holds what of an inline file does not fit beside the block map.
constexpr std::uint8_t kSystemIndex = 7;
constexpr std::string_view kDataName = "data";

template <typename Field>
Field field_at(std::span<const char> bytes, std::size_t at) {
  Field value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

}  // namespace

std::uint16_t RawInode::extra() const {
  return bytes_.size() > kOldSize ? field_at<std::uint16_t>(bytes_, kOldSize) : 0;
}

bool RawInode::extra_is_sane() const {
  if (bytes_.size() <= kOldSize) return true;
  return extra() % 4 == 0 && kOldSize + extra() <= bytes_.size();
}

/// Seconds are 32 signed bits; the extra field, where the inode has it, adds two upper bits of
/// seconds and 30 bits of nanoseconds. What nanoseconds in 64 bits cannot hold becomes the nearest
/// that they can, as in the guest's own listing.
std::int64_t RawInode::time_ns(std::uint32_t seconds, std::size_t extra_at) const {
  std::int64_t whole = static_cast<std::int32_t>(seconds);
  std::int64_t part = 0;
  if (bytes_.size() > kOldSize && extra_is_sane() && extra_at + 4 <= kOldSize + extra()) {
    const auto more = field_at<std::uint32_t>(bytes_, extra_at);
    whole += static_cast<std::int64_t>(more & 3) << 32;
    part = more >> 2;
  }
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() / kSecond - 1;
  if (whole > kMost) return std::numeric_limits<std::int64_t>::max();
  return whole * kSecond + part;
}

InodeRecord RawInode::record(bool large_dir) const {
  const ext2_inode& inode = base();
  InodeRecord record;
  record.mode = inode.i_mode;
  record.links = inode.i_links_count;
  record.uid = inode.i_uid | static_cast<std::uint32_t>(inode.osd2.linux2.l_i_uid_high) << 16;
  record.gid = inode.i_gid | static_cast<std::uint32_t>(inode.osd2.linux2.l_i_gid_high) << 16;
  record.size = inode.i_size;
  const bool wide = LINUX_S_ISREG(inode.i_mode) || (large_dir && LINUX_S_ISDIR(inode.i_mode));
  if (wide) record.size |= static_cast<std::uint64_t>(inode.i_size_high) << 32;
  record.mtime_ns = time_ns(inode.i_mtime, offsetof(ext2_inode_large, i_mtime_extra));
  record.ctime_ns = time_ns(inode.i_ctime, offsetof(ext2_inode_large, i_ctime_extra));
  return record;
}

std::string_view RawInode::inline_head() const {
  return {bytes_.data() + offsetof(ext2_inode, i_block), sizeof base().i_block};
}

std::span<const char> RawInode::attribute_table() const {
  if (!extra_is_sane() || bytes_.size() <= kOldSize) return {};
  const std::size_t header = kOldSize + extra();
  if (header + sizeof(std::uint32_t) > bytes_.size() ||
      field_at<std::uint32_t>(bytes_, header) != EXT2_EXT_ATTR_MAGIC) {
    return {};
  }
  return bytes_.subspan(header + sizeof(std::uint32_t));
}

std::optional<std::string_view> RawInode::inline_rest() const {
  const std::span<const char> table = attribute_table();
  std::size_t at = 0;
  while (at + sizeof(ext2_ext_attr_entry) <= table.size()) {
    const auto entry = field_at<ext2_ext_attr_entry>(table, at);
    const std::size_t name_at = at + sizeof entry;
    if (entry.e_name_len == 0 && entry.e_name_index == 0) break;  // the end of the table
    if (name_at + entry.e_name_len > table.size()) break;
    const std::string_view name(table.data() + name_at, entry.e_name_len);
    if (entry.e_name_index == kSystemIndex && name == kDataName) {
      const bool inside = entry.e_value_inum == 0 && entry.e_value_size <= table.size() &&
                          entry.e_value_offs <= table.size() - entry.e_value_size;
      if (!inside) return std::nullopt;
      return std::string_view(table.data() + entry.e_value_offs, entry.e_value_size);
    }
    at = name_at + (entry.e_name_len + 3U) / 4 * 4;
  }
  return std::nullopt;
}

FileType file_type(std::uint16_t mode) {
  switch (mode & LINUX_S_IFMT) {
    case LINUX_S_IFREG:
      return FileType::Regular;
    case LINUX_S_IFDIR:
      return FileType::Directory;
    case LINUX_S_IFLNK:
      return FileType::Symlink;
    case LINUX_S_IFSOCK:
      return FileType::Socket;
    case LINUX_S_IFIFO:
      return FileType::Fifo;
    case LINUX_S_IFBLK:
      return FileType::BlockDevice;
    case LINUX_S_IFCHR:
      return FileType::CharacterDevice;
    default:
      return FileType::Unknown;
  }
}

FileEntry to_entry(const InodeRecord& record) {
  FileEntry entry;
  entry.type = file_type(record.mode);
  entry.mode = record.mode & 07777U;
  entry.uid = record.uid;
  entry.gid = record.gid;
  entry.size = record.size;
  entry.mtime_ns = record.mtime_ns;
  entry.ctime_ns = record.ctime_ns;
  return entry;
}

}  // namespace skillaudit
