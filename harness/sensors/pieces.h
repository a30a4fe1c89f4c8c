#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

namespace skillaudit {

/// A string that is written piece by piece by code that fills memory itself. A std::string would
/// set each piece to zeros first, which takes as long as some of the readings do.
class Pieces {
 public:
  /// Bytes of the largest piece.
  static constexpr std::size_t kLargest = 16U << 10;

  /// `expected` bytes in all, so that the string need not grow.
  explicit Pieces(std::size_t expected)
      : expected_(expected), buffer_(new char[kLargest + kSlack]) {}

  /// Where up to `size` bytes, kLargest at most, may be written; kSlack bytes more may be damaged.
  [[nodiscard]] char* room(std::size_t size) {
    if (used_ + size > kLargest) flush();
    return buffer_.get() + used_;
  }
  void wrote(std::size_t size) { used_ += size; }
  void add(std::string_view bytes) {
    if (bytes.size() > kLargest) {
      flush();
      text_ += bytes;
      return;
    }
    std::memcpy(room(bytes.size()), bytes.data(), bytes.size());
    wrote(bytes.size());
  }
  [[nodiscard]] std::string take() {
    flush();
    return std::move(text_);
  }

  static constexpr std::size_t kSlack = 64;

 private:
  void flush() {
    if (text_.empty() && used_ > 0) reserve();
    text_.append(buffer_.get(), used_);
    used_ = 0;
  }

  /// Of a large string each page of 4 KiB would be a fault, and these took a quarter of the time.
  void reserve() {
    constexpr std::size_t kHugePage = 2U << 20;
    text_.reserve(expected_);
    const auto begin = reinterpret_cast<std::uintptr_t>(text_.data());
    const std::uintptr_t first = (begin + kHugePage - 1) / kHugePage * kHugePage;
    const std::uintptr_t end = (begin + expected_) / kHugePage * kHugePage;
    // Advice alone: where it is not taken nothing is lost.
    if (first < end) (void)::madvise(reinterpret_cast<void*>(first), end - first, MADV_HUGEPAGE);
  }

  std::size_t expected_;
  std::unique_ptr<char[]> buffer_;
  std::size_t used_ = 0;
  std::string text_;
};

}  // namespace skillaudit
