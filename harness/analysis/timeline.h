#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "harness/analysis/assessment.h"

namespace skillaudit {

/// One event, from any source.
struct TimelineEntry {
  double t = 0;      ///< seconds after the skill began, to the millisecond
  std::string kind;  ///< name_of(TraceKind), "flow", "agent-call", "wire", "file-change",
                     ///< "console", "machine"
  Source source;
  std::string text;  ///< printable, short
};

struct Timeline {
  std::vector<TimelineEntry> entries;  ///< by time, then kind, source and text
  std::size_t omitted = 0;             ///< entries past what a timeline holds
};

/// All witnesses joined: the trace, the proxy, the wire, the files by their times, the console and
/// the machine. What cannot be placed in time is left out; the bundle still has it.
[[nodiscard]] Timeline make_timeline(const Evidence& evidence, const Changes& changes);

/// When the skill began, in seconds since the epoch by the host's clock; none where nothing tells.
[[nodiscard]] std::optional<double> skill_began_at(const Evidence& evidence, double began_in_trace);

}  // namespace skillaudit
