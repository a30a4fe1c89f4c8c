#pragma once

#include <array>
#include <map>
#include <string_view>
#include <vector>

#include "harness/analysis/timeline.h"
#include "harness/evidence/evidence.h"

namespace skillaudit {

/// Which entries of a timeline to show, and their position in a chart. Pure.

/// The entries that findings cite, worst finding first, and then what else there is room for: at
/// most `most`, in the order of time.
[[nodiscard]] std::vector<const TimelineEntry*> telling_entries(const Timeline& timeline,
                                                                const Assessment& assessment,
                                                                std::size_t most);
/// Which of the entries a finding cites: one flag for each.
[[nodiscard]] std::vector<bool> cited_entries(const Timeline& timeline,
                                              const Assessment& assessment);

/// The seconds that a chart shows; entries outside are at its edge.
struct TimelineSpan {
  double from = 0;
  double to = 1;
  /// From 0 to 1.
  [[nodiscard]] double share(double t) const;
};
/// As long as the steps took, and a little before and after.
[[nodiscard]] TimelineSpan span_of(const Evidence& evidence, const Timeline& timeline);

/// The row of a chart for an entry.
enum class Lane { Agent, Network, Programs, Files, Secrets, Rights, Machine };
inline constexpr std::size_t kLanes = static_cast<std::size_t>(Lane::Machine) + 1;
[[nodiscard]] std::string_view name_of(Lane);
[[nodiscard]] Lane lane_of(const TimelineEntry& entry);

/// The entries of one lane that fall into one column.
struct LaneMark {
  std::size_t count = 0;
  bool cited = false;
  const TimelineEntry* first = nullptr;  ///< one that a finding cites before any other
};
/// By lane, then by column.
using DrawnLanes = std::array<std::map<std::size_t, LaneMark>, kLanes>;
[[nodiscard]] DrawnLanes draw_lanes(const Timeline& timeline, const std::vector<bool>& cited,
                                    const TimelineSpan& span, std::size_t columns);

}  // namespace skillaudit
