#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace skillaudit {

/// Walks the entries of one directory block, or of a part of an inline directory. Index blocks of
/// large directories look like a block with one empty entry, and checksums like an empty entry.
class DirectoryBlock {
 public:
  explicit DirectoryBlock(std::string_view bytes) : rest_(bytes) {}

  /// The next entry that leads to an inode; false at the end, or where the block makes no sense.
  bool next();
  [[nodiscard]] std::uint32_t inode() const { return inode_; }
  [[nodiscard]] std::string_view name() const { return name_; }
  /// Whether the block ended early because what follows is no entry.
  [[nodiscard]] bool damaged() const { return damaged_; }

 private:
  std::string_view rest_;
  std::uint32_t inode_ = 0;
  std::string_view name_;
  bool damaged_ = false;
};

}  // namespace skillaudit
