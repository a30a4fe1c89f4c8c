#include "harness/analysis/surface.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "harness/base/text.h"
#include "harness/changes/agent_effects.h"
#include "harness/changes/drawn_words.h"
#include "harness/changes/locations.h"
#include "harness/rules/flow_text.h"
#include "harness/rules/mirrors_seen.h"

namespace skillaudit {
namespace {

using Names = std::set<std::string>;

/// Labels from this length on hold data as often as words, and are drawn anew in each run.
constexpr std::size_t kLongLabel = 20;

/// "a.example.com"; "*.example.com" where what stands before the last two labels is long.
std::string without_data(std::string_view name) {
  const std::vector<std::string_view> labels = split(name, '.');
  if (labels.size() < 3) return std::string(name);
  const bool has_data = std::any_of(labels.begin(), labels.end() - 2, [](std::string_view label) {
    return label.size() >= kLongLabel;
  });
  if (!has_data) return std::string(name);
  return fmt::format("*.{}.{}", labels[labels.size() - 2], labels.back());
}

Names hosts_of(const Evidence& evidence) {
  const std::set<std::string> mirrors = mirror_hosts(evidence);
  const AgentEffects agent(evidence);
  Names hosts;
  std::set<std::string_view> known;  // by name, so that asking for a name is no news of its own
  for (const Flow& flow : evidence.flows) {
    if ((flow.allowed && flow.group == "model") || agent.owns(flow)) continue;
    if (is_package_flow(flow, mirrors)) continue;
    const bool idle_mirror =
        flow.kind == "connect" && flow.allowed && flow.group == "mirrors" && flow.request_size == 0;
    if (idle_mirror) continue;
    hosts.insert(printable(origin_of(flow)));
    known.insert(flow.host);
  }
  for (const WireContact& contact : evidence.wire.contacts) {
    const bool is_ipv6 = contact.address.find(':') != std::string::npos;
    hosts.insert(contact.port == 0
                     ? fmt::format("{} {}", contact.protocol, contact.address)
                     : fmt::format("{} {}{}{}:{}", contact.protocol, is_ipv6 ? "[" : "",
                                   contact.address, is_ipv6 ? "]" : "", contact.port));
  }
  for (const NameAsked& asked : evidence.wire.names) {
    if (asked.name.find('.') == std::string::npos || asked.name.ends_with(".arpa")) continue;
    if (known.contains(asked.name) || mirrors.contains(asked.name)) continue;
    hosts.insert("name " + printable(without_data(asked.name)));
  }
  return hosts;
}

Names packages_of(const Changes& changes) {
  Names packages;
  for (const RowChange<Package>& change : changes.packages)
    if (change.kind == ChangeKind::Added)
      packages.insert(printable(change.after.manager + " " + change.after.name));
  return packages;
}

Names persistence_of(const Evidence& evidence, const Changes& changes) {
  const Environment& environment = evidence.environment;
  const auto is_persistent = [&](std::string_view path) {
    return persists(place_of(path, environment.guest_home, environment.skill_dir));
  };
  Names names;
  std::set<std::string_view> by_others;  // files that changed, and not by the skill
  for (const FileChange& change : changes.files) {
    if (change.origin != Origin::Skill) {
      by_others.insert(change.path());
      continue;
    }
    const bool deleted = change.kind == ChangeKind::Deleted;
    if ((deleted ? change.before : change.after).type == FileType::Directory) continue;
    if (change.kind == ChangeKind::Modified && !change.content_changed()) continue;
    if (is_persistent(change.path())) names.insert("file " + printable(change.path()));
  }
  for (const ConfigDiff& diff : changes.config)
    if (!by_others.contains(diff.path) && is_persistent(diff.path))
      names.insert("file " + printable(diff.path));
  for (const RowChange<Unit>& change : changes.units) {
    const bool is_new = change.kind == ChangeKind::Added;
    const bool enabled = change.kind == ChangeKind::Modified &&
                         change.before.unit_file_state != change.after.unit_file_state;
    if (is_new || enabled)
      names.insert(printable(fmt::format("unit {}/{}", change.after.scope, change.after.id)));
  }
  for (const RowChange<CronEntry>& change : changes.cron)
    if (change.kind != ChangeKind::Deleted)
      names.insert(printable(fmt::format("cron {}: {}", change.after.user, change.after.line)));
  for (const RowChange<User>& change : changes.users)
    if (change.kind != ChangeKind::Deleted)
      names.insert("user " + printable(change.after.username));
  for (const RowChange<std::string>& change : changes.kernel_modules)
    if (change.kind == ChangeKind::Added) names.insert("module " + printable(change.after));
  return names;
}

/// Ports that Linux gives to who asks for none in particular (ip_local_port_range).
bool is_picked_by_kernel(int port) { return port >= 32768 && port <= 60999; }

Names listeners_of(const Changes& changes) {
  Names names;
  for (const RowChange<SocketEntry>& change : changes.sockets) {
    const SocketEntry& socket = change.after;
    if (change.kind != ChangeKind::Added || socket.state != "LISTEN") continue;
    const std::string port = is_picked_by_kernel(static_cast<int>(socket.local_port))
                                 ? "*"
                                 : std::to_string(socket.local_port);
    names.insert(printable(
        socket.path.empty() ? fmt::format("{} {}:{}", socket.protocol, socket.local_address, port)
                            : "unix " + without_drawn_words(socket.path)));
  }
  return names;
}

Names privileges_of(const Changes& changes) {
  Names names;
  for (const FileEntry& entry : changes.new_setuid) names.insert("setuid " + printable(entry.path));
  return names;
}

}  // namespace

std::string_view name_of(SurfaceKind kind) {
  static constexpr std::array<std::string_view, kSurfaceKinds.size()> kNames = {
      "hosts", "packages", "persistence", "listeners", "privileges"};
  return kNames[static_cast<std::size_t>(kind)];
}

Surface surface_of(const Evidence& evidence, const Assessment& assessment) {
  const Changes& changes = assessment.changes;
  const Names names[] = {hosts_of(evidence), packages_of(changes),
                         persistence_of(evidence, changes), listeners_of(changes),
                         privileges_of(changes)};
  Surface surface;
  for (std::size_t i = 0; i < kSurfaceKinds.size(); ++i)
    surface.names[i].assign(names[i].begin(), names[i].end());
  return surface;
}

}  // namespace skillaudit
