#include "harness/snapshot/capture.h"

#include <fmt/core.h>

#include <iterator>
#include <map>
#include <utility>

#include "harness/base/text.h"
#include "harness/snapshot/capture_tables.h"
#include "harness/snapshot/fields.h"
#include "harness/snapshot/frames.h"
#include "harness/snapshot/tables.h"

namespace skillaudit {
namespace {

using Usernames = std::map<std::uint32_t, std::string>;

std::string username(const Usernames& names, std::uint32_t uid) {
  const auto it = names.find(uid);
  return it == names.end() ? std::string() : it->second;
}

/// "user:1000", as the managers' sections have it, becomes "user:ubuntu".
void name_scopes(std::vector<Unit>& units, const Usernames& names) {
  constexpr std::string_view kPrefix = "user:";
  for (auto& unit : units) {
    if (!unit.scope.starts_with(kPrefix)) continue;
    const auto uid = parse_number<std::uint32_t>(std::string_view(unit.scope).substr(5));
    if (!uid) continue;
    if (const auto name = username(names, *uid); !name.empty()) {
      unit.scope = std::string(kPrefix) + name;
    }
  }
}

/// Gives what the managers reported its file's state, and adds the files that none has loaded. A
/// user's manager reads the folders for every user too.
std::vector<Unit> join_units(std::vector<Unit> units, std::vector<Unit> files) {
  std::map<std::pair<std::string, std::string>, Unit> by_name;
  for (auto& file : files) by_name.try_emplace({file.scope, file.id}, file);
  const auto state_of = [&](const std::string& scope, const std::string& id) {
    const auto it = by_name.find({scope, id});
    return it == by_name.end() ? std::string() : it->second.unit_file_state;
  };
  for (auto& unit : units) {
    unit.unit_file_state = state_of(unit.scope, unit.id);
    const bool of_user = unit.scope.starts_with("user:");
    if (unit.unit_file_state.empty() && of_user) unit.unit_file_state = state_of("user:*", unit.id);
  }
  for (auto& unit : units) by_name.insert_or_assign({unit.scope, unit.id}, unit);
  std::vector<Unit> joined;
  for (auto& [name, unit] : by_name) joined.push_back(std::move(unit));
  return joined;
}

}  // namespace

const std::vector<std::string_view>& capture_tables() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all;
    for (const Table table : kTables) all.push_back(name_of(table));
    return all;
  }();
  return names;
}

std::optional<CaptureOutput> split_output(std::string_view output,
                                          const std::vector<std::string_view>& tables) {
  const Frames frames = split_frames(output, tables);
  if (frames.end == 0) return std::nullopt;
  return CaptureOutput{output.substr(0, frames.end), output.substr(frames.end)};
}

RawSnapshot parse_frames(std::string_view stream) {
  RawSnapshot raw;
  const Frames frames = split_frames(stream, capture_tables());
  if (!frames.damage.empty()) {
    raw.gaps.push_back(
        Gap::lost(GapSource::Snapshot,
                  fmt::format("the guest's state was not captured completely: in its stream, {}",
                              frames.damage)));
  }
  for (const auto& frame : frames.frames) {
    raw.tables.emplace(frame.name, frame.bytes);
    if (frame.exit_code == 0) continue;
    raw.gaps.push_back(Gap::lost(
        GapSource::Snapshot,
        fmt::format("the guest's table '{}' may lack rows: its command ended with {}{}", frame.name,
                    frame.exit_code, frame.message.empty() ? "" : ": " + printable(frame.message)),
        {.table = table_from_name(frame.name)}));
  }
  for (const Table table : kTables) {
    if (raw.tables.contains(std::string(name_of(table)))) continue;
    raw.gaps.push_back(Gap::lost(GapSource::Snapshot,
                                 fmt::format("the guest's table '{}' is missing", name_of(table)),
                                 {.table = table}));
  }
  return raw;
}

Snapshot parse_snapshot(const RawSnapshot& raw) {
  Snapshot snapshot;
  snapshot.gaps = raw.gaps;
  // A table that is absent has its gap already.
  const auto take = [&]<typename Row>(Table table, Parsed<Row> (*parse)(std::string_view)) {
    const auto it = raw.tables.find(std::string(name_of(table)));
    Parsed<Row> parsed;
    if (it != raw.tables.end()) {
      parsed = parse(it->second);
    } else {
      snapshot.missing.push_back(table);
    }
    std::move(parsed.gaps.begin(), parsed.gaps.end(), std::back_inserter(snapshot.gaps));
    return std::move(parsed.rows);
  };
  snapshot.files = take(Table::Files, parse_files);
  snapshot.packages = take(Table::Packages, parse_dpkg);
  for (auto&& packages : {take(Table::Npm, parse_npm), take(Table::Pip, parse_pip)}) {
    snapshot.packages.insert(snapshot.packages.end(), packages.begin(), packages.end());
  }
  snapshot.processes = take(Table::Processes, parse_processes);
  snapshot.sockets = take(Table::Sockets, parse_sockets);
  snapshot.units = take(Table::Units, parse_units);
  snapshot.cron = take(Table::Cron, parse_cron);
  snapshot.users = take(Table::Users, parse_users);
  snapshot.groups = take(Table::Groups, parse_groups);
  snapshot.kernel_modules = take(Table::KernelModules, parse_kernel_modules);
  snapshot.mounts = take(Table::Mounts, parse_mounts);
  snapshot.attributes = take(Table::Attributes, parse_attributes);
  snapshot.kernel_settings = take(Table::KernelSettings, parse_kernel_settings);
  snapshot.config = take(Table::Config, parse_config);

  Usernames names;  // the first of several names for a uid is the one that tools show
  for (const auto& user : snapshot.users) names.try_emplace(user.uid, user.username);
  for (auto& process : snapshot.processes) process.username = username(names, process.uid);
  name_scopes(snapshot.units, names);
  snapshot.units = join_units(std::move(snapshot.units), take(Table::UnitFiles, parse_unit_files));
  for (auto& entry : snapshot.cron) {
    const auto uid = entry.source.starts_with("/var/spool/cron/atjobs/")
                         ? parse_number<std::uint32_t>(entry.user)
                         : std::nullopt;
    if (uid) entry.user = username(names, *uid);
  }
  return snapshot;
}

}  // namespace skillaudit
