#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

#include "harness/evidence/coverage.h"

namespace skillaudit {

/// A text by its lines.
class CodeLines {
 public:
  explicit CodeLines(std::string_view code) : code_(code) {
    for (std::size_t at = 0; at != std::string_view::npos && at < code.size();) {
      starts_.push_back(at);
      at = code.find('\n', at);
      at = at == std::string_view::npos ? at : at + 1;
    }
    starts_.push_back(code.size());
  }
  [[nodiscard]] int count() const { return static_cast<int>(starts_.size()) - 1; }
  [[nodiscard]] std::string_view part(LineRange lines) const {
    const std::size_t begin = start_of(lines.first);
    return code_.substr(begin, start_of(lines.last + 1) - begin);
  }

 private:
  [[nodiscard]] std::size_t start_of(int line) const {
    return starts_[static_cast<std::size_t>(std::clamp(line - 1, 0, count()))];
  }
  std::string_view code_;
  std::vector<std::size_t> starts_;
};

/// Whether something of the statement ran; `ran` is sorted.
inline bool touches(const std::vector<LineRange>& ran, LineRange statement) {
  const auto first =
      std::lower_bound(ran.begin(), ran.end(), statement.first,
                       [](const LineRange& range, int line) { return range.last < line; });
  return first != ran.end() && first->first <= statement.last;
}

}  // namespace skillaudit
