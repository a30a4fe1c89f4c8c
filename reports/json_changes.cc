#include <fmt/core.h>

#include "harness/changes/process_tree.h"
#include "reports/json_report.h"
#include "reports/overview.h"

namespace skillaudit::json_report {
namespace {

template <typename Row, typename Describe>
void put_changes(Json& object, const std::string& key, const std::vector<RowChange<Row>>& changes,
                 Describe describe) {
  put_rows(object, key, changes, [&](const RowChange<Row>& change) {
    Json row = {{"change", name_of(change.kind)}};
    row["before"] = change.kind == ChangeKind::Added ? Json(nullptr) : describe(change.before);
    row["after"] = change.kind == ChangeKind::Deleted ? Json(nullptr) : describe(change.after);
    return row;
  });
}

Json file_json(const FileChange& change) {
  const bool deleted = change.kind == ChangeKind::Deleted;
  const FileEntry& entry = deleted ? change.before : change.after;
  return {{"path", text(change.path())},
          {"change", name_of(change.kind)},
          {"type", name_of(entry.type)},
          {"size", entry.size},
          {"mode", fmt::format("{:04o}", entry.mode)},
          {"uid", entry.uid},
          {"gid", entry.gid},
          {"link_target", text(entry.link_target)},
          {"sha256", text(change.sha256)}};
}

Json files_json(const Assessment& assessment) {
  const FileOverview overview = file_overview(assessment, 0);
  Json files = Json::object();
  for (const ChangeKind kind : {ChangeKind::Added, ChangeKind::Modified, ChangeKind::Deleted}) {
    const FileTotals& totals = overview.totals[static_cast<std::size_t>(kind)];
    files[std::string(name_of(kind))] = {{"count", totals.files}, {"bytes", totals.bytes}};
  }
  // How many files the system itself changes depends on how long it ran: two audits would differ.
  Json origins = Json::object();
  for (const Origin origin : {Origin::Skill, Origin::Package, Origin::PackageManager,
                              Origin::SkillFolder, Origin::Agent}) {
    origins[std::string(name_of(origin))] = overview.by_origin[static_cast<std::size_t>(origin)];
  }
  files["by_origin"] = std::move(origins);
  std::vector<const FileChange*> own;
  for (const FileChange& change : assessment.changes.files) {
    if (change.origin == Origin::Skill) own.push_back(&change);
  }
  put_rows(files, "list", own, [](const FileChange* change) { return file_json(*change); });
  return files;
}

Json package_json(const Package& package) {
  return {{"manager", text(package.manager)},
          {"name", text(package.name)},
          {"version", text(package.version)},
          {"location", text(package.location)}};
}

}  // namespace

Json changes_of(const Assessment& assessment) {
  const Changes& changes = assessment.changes;
  Json json = {{"files", files_json(assessment)}};
  put_changes(json, "units", changes.units, [](const Unit& unit) -> Json {
    return {{"scope", text(unit.scope)},           {"id", text(unit.id)},
            {"load_state", text(unit.load_state)}, {"active_state", text(unit.active_state)},
            {"sub_state", text(unit.sub_state)},   {"unit_file_state", text(unit.unit_file_state)}};
  });
  put_changes(json, "cron", changes.cron, [](const CronEntry& entry) -> Json {
    return {{"source", text(entry.source)}, {"user", text(entry.user)}, {"line", text(entry.line)}};
  });
  put_changes(json, "users", changes.users, [](const User& user) -> Json {
    return {{"username", text(user.username)},
            {"uid", user.uid},
            {"gid", user.gid},
            {"directory", text(user.directory)},
            {"shell", text(user.shell)}};
  });
  put_changes(json, "groups", changes.groups, [](const Group& group) -> Json {
    Json members = Json::array();
    for (const std::string& member : group.members) members.push_back(text(member));
    return {{"groupname", text(group.groupname)}, {"gid", group.gid}, {"members", members}};
  });
  put_changes(json, "kernel_modules", changes.kernel_modules,
              [](const std::string& name) { return text(name); });
  put_changes(json, "mounts", changes.mounts, [](const Mount& mount) -> Json {
    return {{"device", text(mount.device)}, {"path", text(mount.path)}, {"type", text(mount.type)}};
  });
  put_rows(json, "config", changes.config, [](const ConfigDiff& diff) -> Json {
    return {{"path", text(diff.path)},
            {"change", name_of(diff.kind)},
            {"diff", shorten(printable_block(diff.unified), kMostJsonText)}};
  });
  put_rows(json, "setuid", changes.new_setuid, [](const FileEntry& entry) -> Json {
    return {{"path", text(entry.path)},
            {"mode", fmt::format("{:04o}", entry.mode)},
            {"uid", entry.uid},
            {"gid", entry.gid}};
  });
  return json;
}

Json packages_of(const Evidence& evidence, const Assessment& assessment) {
  Json json = Json::object();
  put_rows(json, "installed", package_overview(evidence, assessment), [](const NewPackage& each) {
    Json row = package_json(each.package);
    row["role"] = name_of(each.role);
    row["documented"] = each.documented;
    return row;
  });
  std::vector<RowChange<Package>> removed;
  std::vector<RowChange<Package>> changed;
  for (const RowChange<Package>& change : assessment.changes.packages) {
    if (change.kind == ChangeKind::Deleted) removed.push_back(change);
    if (change.kind == ChangeKind::Modified) changed.push_back(change);
  }
  put_rows(json, "removed", removed,
           [](const RowChange<Package>& change) { return package_json(change.before); });
  put_rows(json, "changed", changed, [](const RowChange<Package>& change) -> Json {
    return {{"manager", text(change.after.manager)},
            {"name", text(change.after.name)},
            {"version_before", text(change.before.version)},
            {"version_after", text(change.after.version)}};
  });
  return json;
}

/// Without process ids, start times and the ports that the kernel picks: they differ each time.
Json processes_of(const Changes& changes) {
  std::vector<const ProcessEntry*> left;
  std::size_t ended = 0;
  for (const RowChange<ProcessEntry>& change : changes.processes) {
    if (change.kind == ChangeKind::Added) left.push_back(&change.after);
    if (change.kind == ChangeKind::Deleted) ++ended;
  }
  Json json = {{"ended", ended}};
  put_rows(json, "left", left, [](const ProcessEntry* process) -> Json {
    Json command = Json::array();
    for (const std::string& word : process->command_line) {
      command.push_back(shorten(printable(word), kMostJsonText));
    }
    return {{"name", text(process->name)},
            {"path", text(process->path)},
            {"username", text(process->username)},
            {"command_line", std::move(command)},
            {"child_of_init", process->parent <= 1}};
  });
  std::vector<const SocketEntry*> listening;
  for (const RowChange<SocketEntry>& change : changes.sockets) {
    if (change.kind == ChangeKind::Added && change.after.state == "LISTEN") {
      listening.push_back(&change.after);
    }
  }
  put_rows(json, "listening", listening, [](const SocketEntry* socket) -> Json {
    return {{"protocol", text(socket->protocol)},
            {"address", text(socket->local_address)},
            {"port", socket->local_port},
            {"path", text(socket->path)}};
  });
  return json;
}

}  // namespace skillaudit::json_report
