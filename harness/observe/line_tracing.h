#pragma once

#include <string>
#include <utility>
#include <vector>

#include "harness/evidence/skill.h"
#include "harness/guest/ssh_session.h"

namespace skillaudit {

/// Line tracing in a guest that only steers: bash, Python and Node report the lines of the skill
/// that run (fixtures/tracers), through variables of the steps' environment. Nothing is hidden from
/// the skill, and it may forge the log.
class LineTracing {
 public:
  /// `skill_dir`: where the skill is installed in the guest, absolute.
  LineTracing(const Skill& skill, std::string skill_dir);

  /// Installs the tracers, and makes scripts of `sh` run by bash, which is the one that can report.
  /// Returns the variables. Throws Error{Evidence}.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> begin(SshSession& guest) const;
  /// What they wrote (harness/sensors/line_log.h), at most 32 MiB. Throws Error{Evidence}.
  [[nodiscard]] std::string end(SshSession& guest) const;

 private:
  const Skill& skill_;
  std::string skill_dir_;
  std::string folder_;  ///< of the tracers, in the guest's memory: what is written there is bounded
};

/// Whether the skill has a program or block of a language whose lines can be told.
[[nodiscard]] bool has_lines(const Skill& skill);

}  // namespace skillaudit
