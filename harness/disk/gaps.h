#pragma once

#include <fmt/core.h>

#include <string>
#include <utility>
#include <vector>

#include "harness/evidence/gap.h"

namespace skillaudit {

/// What could not be read: the first kMost of them and a count, since a hostile disk can have any
/// number of oddities.
class Gaps {
 public:
  static constexpr std::size_t kMost = 100;

  template <typename... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    if (++count_ <= kMost)
      gaps_.push_back(Gap::lost(GapSource::Disk, fmt::format(format, std::forward<Args>(args)...)));
  }
  /// For what this program leaves out by a limit of its own.
  template <typename... Args>
  void add_cut(fmt::format_string<Args...> format, Args&&... args) {
    if (++count_ <= kMost)
      gaps_.push_back(Gap::cut(GapSource::Disk, fmt::format(format, std::forward<Args>(args)...)));
  }
  [[nodiscard]] std::vector<Gap> take() {
    if (count_ > kMost) {
      gaps_.push_back(
          Gap::lost(GapSource::Disk,
                    fmt::format("{} more things on the guest's disk are odd", count_ - kMost)));
    }
    count_ = 0;
    return std::exchange(gaps_, {});
  }

 private:
  std::vector<Gap> gaps_;
  std::size_t count_ = 0;
};

}  // namespace skillaudit
