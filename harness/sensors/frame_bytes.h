#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>

namespace skillaudit {

/// Bytes in network order; reading beyond the end gives zeros and is remembered.
class FrameBytes {
 public:
  explicit FrameBytes(std::span<const unsigned char> bytes) : bytes_(bytes) {}
  [[nodiscard]] unsigned u8(std::size_t at) const {
    if (at < bytes_.size()) return bytes_[at];
    short_ = true;
    return 0;
  }
  [[nodiscard]] std::uint16_t u16(std::size_t at) const {
    return static_cast<std::uint16_t>(u8(at) << 8 | u8(at + 1));
  }
  [[nodiscard]] FrameBytes from(std::size_t at) const {
    return FrameBytes(bytes_.subspan(std::min(at, bytes_.size())));
  }
  [[nodiscard]] FrameBytes first(std::size_t count) const {
    return FrameBytes(bytes_.first(std::min(count, bytes_.size())));
  }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] bool was_short() const { return short_; }
  [[nodiscard]] std::string text() const { return {bytes_.begin(), bytes_.end()}; }

 private:
  std::span<const unsigned char> bytes_;
  mutable bool short_ = false;
};

}  // namespace skillaudit
