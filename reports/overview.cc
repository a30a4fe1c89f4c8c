#include "reports/overview.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "harness/changes/locations.h"
#include "harness/rules/documented.h"
#include "harness/rules/flow_text.h"
#include "harness/rules/mirrors_seen.h"

namespace skillaudit {

FileOverview file_overview(const Assessment& assessment, std::size_t most_groups) {
  FileOverview overview;
  const std::vector<FileChange>& files = assessment.changes.files;
  std::array<std::vector<const FileChange*>, 3> by_kind;
  for (const FileChange& change : files) {
    overview.by_origin[static_cast<std::size_t>(change.origin)] += 1;
    if (change.origin != Origin::Skill) continue;
    const FileEntry& entry = change.kind == ChangeKind::Deleted ? change.before : change.after;
    if (entry.type == FileType::Directory && change.holds_changes) continue;
    const auto kind = static_cast<std::size_t>(change.kind);
    overview.totals[kind].files += 1;
    overview.totals[kind].bytes += entry.type == FileType::Regular ? entry.size : 0;
    by_kind[kind].push_back(&change);
  }
  if (most_groups == 0) return overview;
  const NewFolders folders = new_folders(files);
  for (std::size_t kind = 0; kind < by_kind.size(); ++kind) {
    overview.groups[kind] = group_files(by_kind[kind], folders, most_groups);
  }
  return overview;
}

std::vector<HostTraffic> host_traffic(const Evidence& evidence) {
  const auto mirrors = mirror_hosts(evidence);
  std::map<std::string, HostTraffic> by_host;
  for (const Flow& flow : evidence.flows) {
    const auto [entry, is_new] = by_host.try_emplace(origin_of(flow));
    HostTraffic& host = entry->second;
    const bool package = is_package_flow(flow, mirrors);
    host.packages = is_new ? package : host.packages && package;
    host.origin = entry->first;
    (flow.allowed ? host.allowed : flow.answered ? host.answered : host.blocked) += 1;
    host.sent += flow.request_size;
    host.received += flow.response_size;
  }
  std::vector<HostTraffic> hosts;
  for (auto& [origin, host] : by_host) hosts.push_back(std::move(host));
  return hosts;
}

std::string answered_text(const HostTraffic& host) {
  return host.answered > 0 ? fmt::format(", {} answered here", host.answered) : "";
}

std::vector<NewPackage> package_overview(const Evidence& evidence, const Assessment& assessment) {
  return new_package_roles(evidence, assessment.changes, Documented(evidence));
}

std::vector<const Finding*> findings_of(const Assessment& assessment, ReportSection section) {
  std::vector<const Finding*> found;
  for (const Finding& finding : assessment.findings) {
    if (finding.is_in(section)) found.push_back(&finding);
  }
  return found;
}

std::string_view name_of(ChangeKind kind) {
  static constexpr std::array<std::string_view, 3> kNames = {"added", "modified", "deleted"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view name_of(Origin origin) {
  static constexpr std::array<std::string_view, 6> kNames = {
      "skill", "package", "package_manager", "system", "skill_folder", "agent"};
  return kNames[static_cast<std::size_t>(origin)];
}

std::string_view name_of(FileType type) {
  static constexpr std::array<std::string_view, 8> kNames = {
      "regular", "directory", "symlink", "socket", "fifo", "block", "character", "unknown"};
  return kNames[static_cast<std::size_t>(type)];
}

}  // namespace skillaudit
