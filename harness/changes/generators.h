#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/changes/changes.h"
#include "harness/changes/process_tree.h"

namespace skillaudit {

/// What systemd's generators write anew whenever its units are loaded again (systemd.generator(7)):
/// each package that brings a unit asks for that, and so does a skill that installs one.
class Generators {
 public:
  /// Keeps references to both.
  Generators(const Evidence& evidence, const ProcessTree& processes);

  /// Whether a generator of the system's own made the change: it lies where generators write, and
  /// was made while one of them ran; where the kernel watches the path, nothing of the skill's
  /// wrote there. What has another size, mode or target
  /// than before is not explained.
  [[nodiscard]] bool made(const FileChange& change) const;

 private:
  [[nodiscard]] bool ran_at(std::int64_t mtime_ns) const;
  [[nodiscard]] bool is_written_by_skill(std::string_view path) const;

  const Evidence& evidence_;
  const ProcessTree& processes_;
  std::vector<std::pair<double, double>> runs_;  ///< from and to, by the clock of the trace
};

}  // namespace skillaudit
