#include "harness/disk/directory_block.h"

#include <cstring>

namespace skillaudit {
namespace {

/// Inode, length of the entry, length of the name, type.
constexpr std::size_t kHeader = 8;
constexpr std::size_t kLeast = 12;

}  // namespace

bool DirectoryBlock::next() {
  while (!rest_.empty()) {
    std::uint16_t stored = 0;
    if (rest_.size() < kLeast) {
      damaged_ = true;
      return false;
    }
    std::memcpy(&inode_, rest_.data(), sizeof inode_);
    std::memcpy(&stored, rest_.data() + sizeof inode_, sizeof stored);
    const std::size_t name_length = static_cast<unsigned char>(rest_[6]);
    // An entry that fills a block of 64 KiB has a length that 16 bits cannot hold.
    std::size_t length = stored;
    if (rest_.size() == (1U << 16) && (stored == 0 || stored == 0xffff)) length = rest_.size();
    if (length < kLeast || length % 4 != 0 || length > rest_.size() ||
        kHeader + name_length > length) {
      damaged_ = true;
      return false;
    }
    name_ = rest_.substr(kHeader, name_length);
    rest_.remove_prefix(length);
    if (inode_ != 0) return true;
  }
  return false;
}

}  // namespace skillaudit
