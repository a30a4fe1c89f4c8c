#include <bit>
#include <cstring>

#include "harness/disk/inode_table.h"

namespace skillaudit {

InodeBitmap::InodeBitmap(std::vector<unsigned char> bits) : bits_(std::move(bits)) {
  before_.reserve(bits_.size() / 8);
  for (std::size_t i = 0; i < bits_.size() / 8; ++i) {
    before_.push_back(static_cast<std::uint32_t>(total_));
    total_ += static_cast<unsigned>(std::popcount(word(i)));
  }
}

std::vector<std::uint32_t> InodeBitmap::numbers() const {
  std::vector<std::uint32_t> numbers;
  numbers.reserve(total_);
  for (std::size_t i = 0; i < before_.size(); ++i) {
    for (std::uint64_t bits = word(i); bits != 0; bits &= bits - 1) {
      numbers.push_back(
          static_cast<std::uint32_t>(i * 64 + static_cast<unsigned>(std::countr_zero(bits)) + 1));
    }
  }
  return numbers;
}

std::uint64_t InodeBitmap::word(std::size_t i) const {
  std::uint64_t value;
  std::memcpy(&value, bits_.data() + i * 8, sizeof value);
  return value;
}

std::optional<std::uint32_t> InodeBitmap::rank(std::uint64_t number) const {
  const std::uint64_t bit = number - 1;  // 0 wraps, and lies past the end
  if (bit / 64 >= before_.size()) return std::nullopt;
  const std::uint64_t value = word(bit / 64);
  const std::uint64_t mask = std::uint64_t{1} << (bit % 64);
  if ((value & mask) == 0) return std::nullopt;
  return before_[bit / 64] + static_cast<std::uint32_t>(std::popcount(value & (mask - 1)));
}

}  // namespace skillaudit
