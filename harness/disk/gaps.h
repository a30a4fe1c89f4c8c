#pragma once

#include <fmt/core.h>

#include <string>
#include <utility>
#include <vector>

namespace skillaudit {

/// Sentences on what could not be read: the first kMost of them and a count, since a hostile disk
/// has as many oddities as it likes.
class Gaps {
 public:
  static constexpr std::size_t kMost = 100;

  template <typename... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    if (++count_ <= kMost) sentences_.push_back(fmt::format(format, std::forward<Args>(args)...));
  }
  [[nodiscard]] std::vector<std::string> take() {
    if (count_ > kMost) {
      sentences_.push_back(
          fmt::format("{} more things on the guest's disk are odd", count_ - kMost));
    }
    count_ = 0;
    return std::exchange(sentences_, {});
  }

 private:
  std::vector<std::string> sentences_;
  std::size_t count_ = 0;
};

}  // namespace skillaudit
