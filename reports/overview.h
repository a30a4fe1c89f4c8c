#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/analysis/assessment.h"
#include "harness/changes/file_groups.h"
#include "harness/rules/dependencies.h"

namespace skillaudit {

/// Numbers and lists that both reports show. Pure.

struct FileTotals {
  std::size_t files = 0;
  std::uint64_t bytes = 0;
};

struct FileOverview {
  /// By ChangeKind: what the skill itself changed, without folders that hold other changes.
  std::array<FileTotals, 3> totals;
  std::array<FileGroups, 3> groups;
  /// By Origin: all changed paths.
  std::array<std::size_t, 6> by_origin{};
};

struct HostTraffic {
  std::string origin;  ///< "https://host:8443", raw
  std::size_t allowed = 0;
  std::size_t blocked = 0;
  std::size_t answered = 0;  ///< by the proxy in its place
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  bool packages = false;  ///< all of it was caused by package managers
};

/// ", 2 answered here"; empty for none.
[[nodiscard]] std::string answered_text(const HostTraffic& host);

/// Groups are made only where `most_groups` of each kind are asked for.
[[nodiscard]] FileOverview file_overview(const Assessment& assessment, std::size_t most_groups);
/// Sorted by origin.
[[nodiscard]] std::vector<HostTraffic> host_traffic(const Evidence& evidence);
[[nodiscard]] std::vector<NewPackage> package_overview(const Evidence& evidence,
                                                       const Assessment& assessment);
/// Findings that are shown in the section, worst first.
[[nodiscard]] std::vector<const Finding*> findings_of(const Assessment& assessment,
                                                      ReportSection section);
[[nodiscard]] std::string_view name_of(ChangeKind);  ///< "added", …
[[nodiscard]] std::string_view name_of(Origin);      ///< "skill", …
[[nodiscard]] std::string_view name_of(FileType);    ///< "regular", …

}  // namespace skillaudit
