#include "harness/effects/observed.h"

#include <fmt/core.h>

#include "harness/base/text.h"
#include "harness/effects/hosts.h"

namespace skillaudit {
namespace {

using source::after;

void files(const Changes& changes, Collected& effects) {
  static constexpr Verb kVerbs[] = {Verb::Create, Verb::Modify, Verb::Delete};  // by ChangeKind
  for (const FileChange& change : changes.files) {
    if (change.origin != Origin::Skill || change.holds_changes) continue;
    const bool deleted = change.kind == ChangeKind::Deleted;
    const FileEntry& entry = deleted ? change.before : change.after;
    const bool is_content = change.kind != ChangeKind::Modified || change.content_changed();
    effects.add(kVerbs[static_cast<std::size_t>(change.kind)],
                is_content ? EffectKind::File : EffectKind::Permissions, change.path(),
                deleted ? source::before(Table::Files) : after(Table::Files), entry.uid == 0);
  }
  for (const FileEntry& entry : changes.new_setuid)
    effects.add(Verb::Elevate, EffectKind::Program, entry.path, after(Table::Files),
                entry.uid == 0);
}

Verb verb_of(ChangeKind kind, Verb added) {
  return kind == ChangeKind::Added     ? added
         : kind == ChangeKind::Deleted ? Verb::Delete
                                       : Verb::Modify;
}

void accounts_and_packages(const Changes& changes, Collected& effects) {
  for (const RowChange<Package>& change : changes.packages)
    effects.add(verb_of(change.kind, Verb::Install), EffectKind::Package,
                change.kind == ChangeKind::Deleted ? change.before.name : change.after.name,
                after(Table::Packages), change.after.manager == "dpkg");
  for (const RowChange<User>& change : changes.users)
    effects.add(verb_of(change.kind, Verb::Create), EffectKind::Account,
                change.kind == ChangeKind::Deleted ? change.before.username : change.after.username,
                after(Table::Users), true);
  for (const RowChange<std::string>& change : changes.kernel_modules)
    if (change.kind == ChangeKind::Added)
      effects.add(Verb::Run, EffectKind::KernelModule, change.after, after(Table::KernelModules),
                  true);
}

/// What goes on after the run, or comes back.
void lasting(const Changes& changes, Collected& effects) {
  for (const RowChange<Unit>& change : changes.units)
    if (change.kind != ChangeKind::Deleted)
      effects.add(verb_of(change.kind, Verb::Create), EffectKind::Unit, change.after.id,
                  after(Table::Units), change.after.scope == "system");
  for (const RowChange<CronEntry>& change : changes.cron)
    effects.add(verb_of(change.kind, Verb::Create), EffectKind::CronJob,
                change.kind == ChangeKind::Deleted ? change.before.line : change.after.line,
                after(Table::Cron), change.after.user == "root");
  for (const RowChange<ProcessEntry>& change : changes.processes)
    if (change.kind == ChangeKind::Added)
      effects.add(Verb::Stay, EffectKind::Process,
                  change.after.command_line.empty() ? change.after.name
                                                    : join(change.after.command_line, " "),
                  after(Table::Processes), change.after.uid == 0);
  for (const RowChange<SocketEntry>& change : changes.sockets) {
    const SocketEntry& socket = change.after;
    if (change.kind == ChangeKind::Added && socket.state == "LISTEN")
      effects.add(Verb::Stay, EffectKind::Listener,
                  socket.path.empty() ? fmt::format("{} {}:{}", socket.protocol,
                                                    socket.local_address, socket.local_port)
                                      : "unix " + socket.path,
                  after(Table::Sockets));
  }
}

void trace(const ProcessTree& processes, Collected& effects) {
  const auto each = [&](TraceKind kind, auto add) {
    for (const std::uint32_t i : processes.of_kind(kind)) {
      const TraceEvent& event = processes.events()[i];
      if (event.success && processes.of_skill(i)) add(i, event);
    }
  };
  each(TraceKind::Exec, [&](std::uint32_t i, const TraceEvent& event) {
    effects.add(Verb::Run, EffectKind::Command, processes.name(i), source::trace(event.serial),
                event.effective_uid == 0);
  });
  for (const auto& [kind, object] : {std::pair(TraceKind::SecretRead, EffectKind::Secret),
                                     std::pair(TraceKind::DocumentRead, EffectKind::Document)})
    each(kind, [&, what = object](std::uint32_t, const TraceEvent& event) {
      if (!event.paths.empty())
        effects.add(Verb::Read, what, event.paths.front(), source::trace(event.serial),
                    event.effective_uid == 0);
    });
}

}  // namespace

void collect_observed(const Evidence& evidence, const Changes& changes,
                      const ProcessTree& processes, Collected& effects) {
  files(changes, effects);
  accounts_and_packages(changes, effects);
  lasting(changes, effects);
  trace(processes, effects);
  for (const Addressed& each : hosts_addressed(evidence))
    effects.add(each.sent ? Verb::Send : Verb::Receive, EffectKind::Host, each.name, each.source);
}

}  // namespace skillaudit
