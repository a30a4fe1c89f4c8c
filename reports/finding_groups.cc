#include "reports/finding_groups.h"

#include <fmt/core.h>

#include <map>
#include <tuple>

namespace skillaudit {

std::vector<FindingGroup> grouped(const std::vector<Finding>& findings) {
  std::vector<FindingGroup> groups;
  std::map<std::pair<std::string_view, Severity>, std::size_t> known;
  for (const Finding& finding : findings) {
    const auto [at, is_new] =
        known.try_emplace({std::string_view(finding.rule), finding.severity}, groups.size());
    if (is_new) groups.emplace_back();
    FindingGroup& group = groups[at->second];
    group.findings.push_back(&finding);
    group.deduction += finding.deduction;
  }
  return groups;
}

std::string title_of(const FindingGroup& group) {
  if (group.others() == 0) return group.first().title;
  return fmt::format("{} (and {} more like it)", group.first().title, group.others());
}

}  // namespace skillaudit
