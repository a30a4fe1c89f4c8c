#include "reports/timeline_view.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "harness/evidence/run_samples.h"

namespace skillaudit {
namespace {

/// Calls `visit` with the number of each entry that a finding cites, worst finding first, until it
/// returns false.
template <typename Visit>
void visit_cited(const Timeline& timeline, const Assessment& assessment, Visit visit) {
  std::multimap<Source, std::size_t> by_source;
  for (std::size_t i = 0; i < timeline.entries.size(); ++i) {
    // A source without an entry of its own names a whole table.
    if (is_entry(timeline.entries[i].source)) by_source.emplace(timeline.entries[i].source, i);
  }
  for (const Finding& finding : assessment.findings) {
    for (const Citation& citation : finding.evidence) {
      const auto [first, last] = by_source.equal_range(citation.source);
      for (auto each = first; each != last; ++each)
        if (!visit(each->second)) return;
    }
  }
}

}  // namespace

std::vector<const TimelineEntry*> telling_entries(const Timeline& timeline,
                                                  const Assessment& assessment, std::size_t most) {
  std::set<std::size_t> picked;
  visit_cited(timeline, assessment, [&](std::size_t entry) {
    picked.insert(entry);
    return picked.size() < most;
  });
  for (std::size_t i = 0; i < timeline.entries.size() && picked.size() < most; ++i)
    if (timeline.entries[i].t >= 0) picked.insert(i);
  std::vector<const TimelineEntry*> entries;
  entries.reserve(picked.size());
  for (const std::size_t i : picked) entries.push_back(&timeline.entries[i]);
  return entries;
}

std::vector<bool> cited_entries(const Timeline& timeline, const Assessment& assessment) {
  std::vector<bool> cited(timeline.entries.size());
  visit_cited(timeline, assessment, [&](std::size_t entry) {
    cited[entry] = true;
    return true;
  });
  return cited;
}

std::string_view name_of(Lane lane) {
  static constexpr std::array<std::string_view, kLanes> kNames = {
      "Agent", "Network", "Programs", "Files", "Secrets", "Rights", "Machine"};
  return kNames[static_cast<std::size_t>(lane)];
}

Lane lane_of(const TimelineEntry& entry) {
  static constexpr std::array<std::pair<std::string_view, Lane>, 14> kByKind = {{
      {"agent-call", Lane::Agent},
      {"flow", Lane::Network},
      {"wire", Lane::Network},
      {"connect", Lane::Network},
      {"bind", Lane::Network},
      {"exec", Lane::Programs},
      {"file-change", Lane::Files},
      {"secret-read", Lane::Secrets},
      {"document-read", Lane::Secrets},
      {"machine-read", Lane::Secrets},
      {"console", Lane::Machine},
      {"machine", Lane::Machine},
      {"crash", Lane::Machine},
      {"audit-config", Lane::Machine},
  }};
  for (const auto& [kind, lane] : kByKind)
    if (entry.kind == kind) return lane;
  return Lane::Rights;
}

double TimelineSpan::share(double t) const {
  return std::clamp((t - from) / (to - from), 0.0, 1.0);
}

TimelineSpan span_of(const Evidence& evidence, const Timeline& timeline) {
  double end = end_of_run(evidence);
  // Only without steps do the entries say how long it was: the guest may claim any time.
  if (end <= 0)
    for (const TimelineEntry& entry : timeline.entries) end = std::max(end, entry.t);
  end = std::clamp(end, 0.5, 1e6);
  return {-0.02 * end, 1.05 * end};
}

DrawnLanes draw_lanes(const Timeline& timeline, const std::vector<bool>& cited,
                      const TimelineSpan& span, std::size_t columns) {
  DrawnLanes lanes;
  for (std::size_t i = 0; i < timeline.entries.size(); ++i) {
    const TimelineEntry& entry = timeline.entries[i];
    const auto column = std::min(
        columns - 1, static_cast<std::size_t>(span.share(entry.t) * static_cast<double>(columns)));
    LaneMark& mark = lanes[static_cast<std::size_t>(lane_of(entry))][column];
    if (mark.count++ == 0 || (cited[i] && !mark.cited)) mark.first = &entry;
    mark.cited = mark.cited || cited[i];
  }
  return lanes;
}

}  // namespace skillaudit
