#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace skillaudit {

/// Names of at most 255 bytes, one after another in blocks that are never moved: a byte of length
/// and the name. A name is known by 32 bits.
class NameArena {
 public:
  std::uint32_t add(std::string_view name) {
    if (blocks_.empty() || used_ + 1 + name.size() > kBlock) {
      blocks_.push_back(std::make_unique_for_overwrite<char[]>(kBlock));
      used_ = 0;
    }
    char* at = blocks_.back().get() + used_;
    *at = static_cast<char>(name.size());
    std::memcpy(at + 1, name.data(), name.size());
    const auto id = static_cast<std::uint32_t>((blocks_.size() - 1) * kBlock + used_);
    used_ += 1 + name.size();
    return id;
  }
  [[nodiscard]] std::string_view get(std::uint32_t id) const {
    const char* at = blocks_[id / kBlock].get() + id % kBlock;
    return {at + 1, static_cast<unsigned char>(*at)};
  }

 private:
  static constexpr std::size_t kBlock = 1U << 20;
  std::vector<std::unique_ptr<char[]>> blocks_;
  std::size_t used_ = 0;
};

}  // namespace skillaudit
