#include "harness/effects/capabilities.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "harness/base/text.h"
#include "harness/changes/drawn_words.h"
#include "harness/changes/locations.h"
#include "harness/effects/hosts.h"

namespace skillaudit {
namespace {

using Names = std::set<std::string>;

Names hosts_of(const Evidence& evidence) {
  Names hosts;
  for (const Addressed& each : hosts_addressed(evidence)) hosts.insert(each.name);
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

Names objects_of(const SkillEffects& effects, Verb verb, std::initializer_list<EffectKind> kinds) {
  Names names;
  for (const SkillEffect& effect : effects.list)
    if (effect.verb == verb && std::find(kinds.begin(), kinds.end(), effect.kind) != kinds.end())
      names.insert(without_drawn_words(effect.object));
  return names;
}

/// "stay notes.timer".
Names asked_for(const Assessment& assessment) {
  Names names;
  for (const ConsentedEffect& each : assessment.consented)
    names.insert(fmt::format("{} {}", name_of(each.verb), without_drawn_words(each.object)));
  return names;
}

Names privileges_of(const Changes& changes) {
  Names names;
  for (const FileEntry& entry : changes.new_setuid) names.insert("setuid " + printable(entry.path));
  return names;
}

}  // namespace

std::string_view name_of(CapabilityKind kind) {
  static constexpr std::array<std::string_view, kCapabilityKinds.size()> kNames = {
      "hosts", "packages", "persistence", "listeners", "privileges",
      "reads", "deletes",  "runs",        "asks_for"};
  return kNames[static_cast<std::size_t>(kind)];
}

SkillCapabilities capabilities_of(const Evidence& evidence, const Assessment& assessment,
                                  const SkillEffects& effects) {
  const Changes& changes = assessment.changes;
  const Names names[] = {
      hosts_of(evidence),
      packages_of(changes),
      persistence_of(evidence, changes),
      listeners_of(changes),
      privileges_of(changes),
      objects_of(effects, Verb::Read, {EffectKind::Secret, EffectKind::Document}),
      objects_of(effects, Verb::Delete, {EffectKind::File}),
      objects_of(effects, Verb::Run, {EffectKind::Command}),
      asked_for(assessment)};
  SkillCapabilities capabilities;
  for (std::size_t i = 0; i < kCapabilityKinds.size(); ++i)
    capabilities.names[i].assign(names[i].begin(), names[i].end());
  const auto count = [&](CapabilityKind kind, std::size_t omitted) {
    capabilities.omitted[static_cast<std::size_t>(kind)] = omitted;
  };
  count(CapabilityKind::Read, effects.omitted_of(Verb::Read, EffectKind::Secret) +
                                  effects.omitted_of(Verb::Read, EffectKind::Document));
  count(CapabilityKind::Delete, effects.omitted_of(Verb::Delete, EffectKind::File));
  count(CapabilityKind::Run, effects.omitted_of(Verb::Run, EffectKind::Command));
  return capabilities;
}

SkillCapabilities capabilities_of(const Evidence& evidence, const Assessment& assessment) {
  return capabilities_of(evidence, assessment, effects_of(evidence, assessment));
}

}  // namespace skillaudit
