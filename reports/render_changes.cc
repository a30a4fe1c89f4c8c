#include <fmt/core.h>

#include "harness/analysis/gaps.h"
#include "harness/base/text.h"
#include "reports/facts.h"
#include "reports/markdown_text.h"
#include "reports/markdown_view.h"
#include "reports/overview.h"

namespace skillaudit::markdown {
namespace {

constexpr std::size_t kMostDiffs = 20;

std::string package_line(const Package& package) {
  std::string line = code(package.name) + " (" + markdown_prose(printable(package.version));
  if (package.manager != "dpkg") line += ", " + markdown_prose(printable(package.manager));
  return line + ")";
}

}  // namespace

void put_files(data& view, const Assessment& assessment) {
  const FileOverview overview = file_overview(assessment, kMostItems);
  data kinds{data::type::list};
  const char* const labels[] = {"Added", "Modified", "Deleted"};
  for (std::size_t kind = 0; kind < 3; ++kind) {
    const FileTotals& totals = overview.totals[kind];
    data entry;
    entry.set("label", labels[kind]);
    entry.set("count", std::to_string(totals.files));
    entry.set("size", totals.bytes > 0 ? " (" + human_bytes(totals.bytes) + ")" : "");
    data groups{data::type::list};
    const FileGroups& all = overview.groups[kind];
    for (const FileGroup& each : all.first) {
      data group;
      group.set("path", code(each.label));
      group.set("detail", each.files == 1 ? human_bytes(each.bytes)
                                          : fmt::format("{}, {}", count_of(each.files, "file"),
                                                        human_bytes(each.bytes)));
      groups.push_back(group);
    }
    if (all.count > all.first.size()) {
      data more;
      more.set("path", "more");
      more.set(
          "detail",
          fmt::format("and {} more; before/files and after/files in the bundle list every file",
                      all.count - all.first.size()));
      groups.push_back(more);
    }
    entry.set("groups", groups);
    kinds.push_back(entry);
  }
  view.set("files", kinds);
  const auto count = [&](Origin origin) {
    return overview.by_origin[static_cast<std::size_t>(origin)];
  };
  const std::string of_agent =
      count(Origin::Agent) == 0
          ? std::string()
          : fmt::format(", {} that the agent also changes without a skill", count(Origin::Agent));
  view.set(
      "other_files",
      fmt::format("Not counted above: {} of newly installed packages, {} of the package managers "
                  "themselves, {} of the skill as installed{}, and what a running system changes "
                  "by itself.",
                  count_of(count(Origin::Package), "file"), count(Origin::PackageManager),
                  count(Origin::SkillFolder), of_agent));
}

void put_packages(data& view, const Evidence& evidence, const Assessment& assessment) {
  std::vector<std::string> asked, dependencies, required, optional, unused;
  for (const NewPackage& each : package_overview(evidence, assessment)) {
    if (each.role == PackageRole::Dependency) {
      dependencies.push_back(package_line(each.package));
      continue;
    }
    asked.push_back(package_line(each.package));
    const std::string documented = each.documented ? "documented" : "not documented";
    auto& list = each.role == PackageRole::Required   ? required
                 : each.role == PackageRole::Optional ? optional
                                                      : unused;
    std::string line = code(each.package.name) + ", " + documented;
    if (!each.uses.empty()) {
      line += fmt::format(", at {}: {}", markdown_code(text_of(each.uses.front().source)),
                          markdown_code(each.uses.front().text));
    }
    list.push_back(std::move(line));
  }
  std::vector<std::string> removed, changed;
  for (const RowChange<Package>& change : assessment.changes.packages) {
    if (change.kind == ChangeKind::Deleted) removed.push_back(package_line(change.before));
    if (change.kind == ChangeKind::Modified) {
      changed.push_back(package_line(change.before) + " is now " +
                        markdown_prose(printable(change.after.version)));
    }
  }
  data sections{data::type::list};
  sections.push_back(section("Installed Packages", asked.size(), asked));
  if (!dependencies.empty()) {
    sections.push_back(section("Their Dependencies", dependencies.size(), dependencies));
  }
  sections.push_back(section("Removed Packages", removed.size(), removed));
  if (!changed.empty()) sections.push_back(section("Changed Versions", changed.size(), changed));
  view.set("packages", sections);

  data kinds{data::type::list};
  const auto add = [&](const char* label, const std::vector<std::string>& lines) {
    data entry = section(label, lines.size(), lines);
    entry.set("none", lines.empty() ? " none" : "");
    kinds.push_back(entry);
  };
  add("Packages Required", required);
  add("Packages Optional", optional);
  if (!unused.empty()) add("Packages Installed but Not Used", unused);
  view.set("dependencies", kinds);
}

void put_diffs(data& view, const Changes& changes) {
  data list{data::type::list};
  for (std::size_t i = 0; i < changes.config.size() && i < kMostDiffs; ++i) {
    data entry;
    entry.set("path", code(changes.config[i].path));
    entry.set("block", markdown_block(shorten(printable_block(changes.config[i].unified), 8192)));
    list.push_back(entry);
  }
  view.set("diffs", list);
}

void put_processes(data& view, const Evidence& evidence, const Assessment& assessment) {
  const auto titles = [&](ReportSection section) {
    std::vector<std::string> lines;
    for (const Finding* finding : findings_of(assessment, section)) {
      lines.push_back(markdown_sentence(finding->title));
    }
    return lines;
  };
  data sections{data::type::list};
  const bool seen = is_observed(evidence, Table::Processes) && something_ran(evidence.execution);
  const auto add = [&](const char* label, const std::vector<std::string>& lines) {
    data entry = section(label, lines.size(), lines);
    if (!seen) entry.set("count", "not observed");
    sections.push_back(entry);
  };
  const auto runaway = titles(ReportSection::RunawayProcesses);
  if (!runaway.empty()) add("Runaway", runaway);
  add("Orphaned Processes", titles(ReportSection::OrphanedProcesses));
  add("Background Jobs", titles(ReportSection::BackgroundJobs));
  std::vector<std::string> connections;
  for (const RowChange<SocketEntry>& change : assessment.changes.sockets) {
    if (change.kind != ChangeKind::Added) continue;
    const SocketEntry& socket = change.after;
    if (socket.protocol == "unix") continue;
    connections.push_back(code(
        fmt::format("{} {}:{} {}:{} {}", socket.protocol, socket.local_address, socket.local_port,
                    socket.remote_address, socket.remote_port, socket.state)));
  }
  add("Network Connections", connections);
  view.set("processes", sections);
}

}  // namespace skillaudit::markdown
