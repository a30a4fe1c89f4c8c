#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/evidence/evidence.h"

namespace skillaudit {

/// A process that the skill started, as a reader of the report sees it. What was forked and never
/// executed anything is no process here: its children are its parent's.
struct ProcessNode {
  std::string
      command;  ///< printable; what a process executed one after the other: "sh x → python3 y"
  std::string user;                  ///< printable: "root", "ubuntu", "uid 33"
  double started_s = 0;              ///< after the skill began
  std::optional<double> duration_s;  ///< none: its end is not in the trace
  std::optional<int> exit_code;
  std::size_t times = 1;  ///< like it in a row: same command, user and exit code, no children
  std::vector<ProcessNode> children;
  std::size_t unlisted = 0;  ///< processes below that are not in `children`
};

/// What one step started; the last entry, without a step, is what others started on request:
/// systemd, cron, at.
struct ProcessGroup {
  const Step* step = nullptr;
  std::vector<ProcessNode> processes;
  std::size_t unlisted = 0;
};

struct ProcessView {
  bool observed = false;             ///< there is a trace; without one, `groups` proves nothing
  std::size_t total = 0;             ///< processes of the skill that executed something
  std::vector<ProcessGroup> groups;  ///< in the order of the steps
};

/// At most `most` processes, first those of each step that are nearest to it. Linear in the events;
/// no tree is deeper than kDeepestProcess.
[[nodiscard]] ProcessView process_view(const Evidence& evidence, std::size_t most);
inline constexpr std::size_t kDeepestProcess = 12;

}  // namespace skillaudit
