#include "harness/analysis/gaps.h"

#include <fmt/format.h>

#include "harness/base/text.h"

namespace skillaudit {
namespace {

void add(const Snapshot& snapshot, std::string_view when, std::vector<std::string>& gaps) {
  if (is_uncaptured(snapshot)) {
    gaps.push_back(fmt::format("The state {} the run was not captured", when));
    return;
  }
  for (const std::string& gap : snapshot.gaps)
    gaps.push_back(fmt::format("{} the run: {}", when, printable(gap)));
}

}  // namespace

bool is_uncaptured(const Snapshot& snapshot) {
  // Every one of these has rows on any system.
  return !snapshot.missing.empty() && snapshot.files.empty() && snapshot.packages.empty() &&
         snapshot.processes.empty() && snapshot.users.empty() && snapshot.groups.empty() &&
         snapshot.mounts.empty() && snapshot.units.empty() && snapshot.config.empty();
}

std::vector<std::string> snapshot_gaps(const Snapshot& before, const Snapshot& after) {
  std::vector<std::string> gaps;
  add(before, "before", gaps);
  add(after, "after", gaps);
  return gaps;
}

}  // namespace skillaudit
