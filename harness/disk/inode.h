#pragma once

#include <ext2fs/ext2fs.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "harness/evidence/snapshot.h"

namespace skillaudit {

/// What a listing needs of an inode: 40 bytes, since a disk may hold millions.
struct InodeRecord {
  std::int64_t mtime_ns = 0;
  std::int64_t ctime_ns = 0;
  std::uint64_t size = 0;
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::uint32_t names = 0;  ///< directory entries seen that lead here
  std::uint16_t mode = 0;   ///< type and permissions; 0: could not be read
  std::uint16_t links = 0;  ///< as the inode itself says
};

/// An inode as it lies on the disk: 128 bytes, or more with extra fields and attributes.
class RawInode {
 public:
  /// `bytes` must hold the whole inode, and outlive this.
  explicit RawInode(std::span<const char> bytes) : bytes_(bytes) {}

  [[nodiscard]] const ext2_inode& base() const {
    return *reinterpret_cast<const ext2_inode*>(bytes_.data());
  }
  /// As Linux would fill its stat. `large_dir`: the file system's directories may pass 4 GiB.
  [[nodiscard]] InodeRecord record(bool large_dir) const;
  /// Whether the size of the extra fields makes sense; Linux refuses the inode else.
  [[nodiscard]] bool extra_is_sane() const;
  /// The content of a file, directory or link that lies in the inode itself (inline_data): the part
  /// in the block map, and the part in the attribute "system.data".
  [[nodiscard]] std::string_view inline_head() const;
  [[nodiscard]] std::optional<std::string_view> inline_rest() const;
  /// The extended attributes that lie in the inode: their entries, with the values behind them,
  /// whose places count from the first entry. Empty where there are none.
  [[nodiscard]] std::span<const char> attribute_table() const;

 private:
  [[nodiscard]] std::uint16_t extra() const;
  [[nodiscard]] std::int64_t time_ns(std::uint32_t seconds, std::size_t extra_at) const;

  std::span<const char> bytes_;
};

[[nodiscard]] FileType file_type(std::uint16_t mode);

/// All but path and link target.
[[nodiscard]] FileEntry to_entry(const InodeRecord& record);

}  // namespace skillaudit
