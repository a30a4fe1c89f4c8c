#include "harness/analysis/gaps.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"

namespace skillaudit {
namespace {

template <typename Concerns>
bool none_concerns(const std::vector<Gap>& gaps, Concerns concerns) {
  return std::none_of(gaps.begin(), gaps.end(), concerns);
}

}  // namespace

bool is_uncaptured(const Snapshot& snapshot) {
  // Every one of these has rows on any system.
  return !snapshot.missing.empty() && snapshot.files.empty() && snapshot.packages.empty() &&
         snapshot.processes.empty() && snapshot.users.empty() && snapshot.groups.empty() &&
         snapshot.mounts.empty() && snapshot.units.empty() && snapshot.config.empty();
}

std::vector<Gap> snapshot_gaps(const Snapshot& snapshot, Moment moment) {
  if (is_uncaptured(snapshot))
    return {Gap::lost(GapSource::Snapshot,
                      fmt::format("The state {} the run was not captured", name_of(moment)),
                      {.moment = moment})};
  std::vector<Gap> gaps = snapshot.gaps;
  for (Gap& gap : gaps) {
    gap.text = fmt::format("{} the run: {}", name_of(moment), printable(gap.text));
    gap.scope.moment = moment;
  }
  return gaps;
}

std::vector<Gap> all_gaps(const Evidence& evidence, const Assessment& assessment) {
  std::vector<Gap> gaps = evidence.gaps;
  for (Gap& gap : gaps) gap.text = printable(gap.text);
  append(gaps, assessment.unexercised);
  append(gaps, snapshot_gaps(evidence.before, Moment::Before));
  append(gaps, snapshot_gaps(evidence.after, Moment::After));
  if (!evidence.execution.aborted.empty())
    gaps.push_back(Gap::not_exercised(
        GapSource::Execution, "the run was cut short: " + printable(evidence.execution.aborted)));
  return gaps;
}

bool is_observed(const Evidence& evidence, Table table) {
  if (evidence.before.files.empty() || evidence.after.files.empty()) return false;
  const auto concerns = [&](const Gap& gap) {
    return gap.source == GapSource::Snapshot && gap.scope.table.value_or(table) == table;
  };
  // What was read from outside the guest is the table of files.
  const bool whole_disk = table != Table::Files || none_concerns(evidence.gaps, [](const Gap& gap) {
                            return gap.source == GapSource::Disk;
                          });
  return whole_disk && none_concerns(evidence.before.gaps, concerns) &&
         none_concerns(evidence.after.gaps, concerns) && none_concerns(evidence.gaps, concerns);
}

bool is_observed(const Evidence& evidence, GapSource source) {
  if (evidence.before.files.empty() || evidence.after.files.empty()) return false;
  return none_concerns(evidence.gaps, [&](const Gap& gap) { return gap.source == source; });
}

}  // namespace skillaudit
