#pragma once

#include <cstdint>
#include <vector>

#include "harness/rules/rules.h"

namespace skillaudit {

/// Which rights each process of the skill came by, and how: one pass over the trace, in which a
/// child starts with what its parent had.
class Rights {
 public:
  explicit Rights(const RuleInput& input);

  /// Whether apt or dpkg, in its own place, is the process or an ancestor, in an audit in which the
  /// distribution's packages were installed. A package's script can be anybody's, so this excuses
  /// nothing that matters.
  [[nodiscard]] bool of_package_manager(std::size_t event) const {
    return (state_of_[event] & kPackageManager) != 0;
  }
  /// Events in which a process is root that no program of the system made root, the first of each
  /// chain of processes.
  [[nodiscard]] const std::vector<std::size_t>& escalations() const { return escalations_; }

 private:
  static constexpr std::uint8_t kMayBeRoot = 1;
  static constexpr std::uint8_t kPackageManager = 2;

  [[nodiscard]] bool grants_root(const RuleInput& input, const TraceEvent& exec) const;

  std::vector<std::uint8_t> state_of_;  ///< by event
  std::vector<std::size_t> escalations_;
};

}  // namespace skillaudit
