#include <fmt/core.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "harness/base/text.h"
#include "harness/rules/effect.h"

namespace skillaudit {
namespace {

std::string command_of(const ProcessEntry& process) {
  return process.command_line.empty() ? process.name : join(process.command_line, " ");
}

/// No process ids: two runs of a skill must read the same.
Citation cite_process(const ProcessEntry& process, std::size_t children) {
  return cite(source::after(Table::Processes),
              fmt::format("{} (user {}, program {}{})", command_of(process), process.username,
                          process.path.empty() ? "unknown" : process.path,
                          children > 0 ? ", with " + count_of(children, "child", "children") : ""));
}

bool is_same_program(const ProcessEntry& a, const ProcessEntry& b) {
  return a.path == b.path && a.command_line == b.command_line && a.uid == b.uid;
}

/// A daemon that was there before and was started anew (a package's script restarts it, or getty
/// comes back), or a helper of systemd itself, unchanged on disk.
class KnownProcesses {
 public:
  explicit KnownProcesses(const RuleInput& input) : input_(input) {
    for (const auto& change : input.changes.processes) {
      if (change.kind == ChangeKind::Deleted) ended_[change.before.path].push_back(&change.before);
    }
  }
  [[nodiscard]] bool explain(const ProcessEntry& process) const {
    if (const auto ended = ended_.find(process.path); ended != ended_.end()) {
      if (std::any_of(ended->second.begin(), ended->second.end(),
                      [&](const ProcessEntry* each) { return is_same_program(*each, process); })) {
        return true;
      }
    }
    const std::string_view name = base_name(process.path);
    const bool of_systemd = process.path.starts_with("/usr/lib/systemd/systemd") ||
                            process.path.starts_with("/lib/systemd/systemd");
    // systemd-socket-proxyd carries whatever it is told to.
    return of_systemd && name != "systemd-socket-proxyd" && !is_changed(process.path);
  }

 private:
  [[nodiscard]] bool is_changed(std::string_view path) const {
    return find_change(input_.changes.files, path) != nullptr;
  }

  const RuleInput& input_;
  std::unordered_map<std::string, std::vector<const ProcessEntry*>> ended_;
};

/// Who documents on which port something goes on to listen speaks of the process that does.
Coverage named_by_its_port(const RuleInput& input, const ProcessEntry& process) {
  const std::string owner = fmt::format("{}[{}]", process.name, process.pid);
  for (const RowChange<SocketEntry>& change : input.changes.sockets) {
    const SocketEntry& socket = change.after;
    if (change.kind != ChangeKind::Added || socket.process != owner || socket.state != "LISTEN")
      continue;
    const Coverage coverage = input.consent.covers(
        Verb::Stay,
        ConsentObject::listener(socket.local_address, socket.local_port, command_of(process)));
    if (coverage.extent != ConsentExtent::None) return coverage;
  }
  return {};
}

using Left = std::vector<const ProcessEntry*>;

/// What runs after the skill and not before, without what the system and packages started.
Left left_running(const RuleInput& input) {
  const KnownProcesses known(input);
  Left left;
  for (const RowChange<ProcessEntry>& change : input.changes.processes) {
    if (change.kind != ChangeKind::Added) continue;
    const ProcessEntry& process = change.after;
    if (known.explain(process) || comes_with_package(input, process.path)) continue;
    left.push_back(&process);
  }
  return left;
}

void runaway(const Left& left, Found& found) {
  const std::string name = command_of(*left[0]);
  found.add({.verb = Verb::Stay,
             .object = ObjectKind::Process,
             .name = name,
             .traits = traits_of({Trait::Runaway}),
             .takes_root = left[0]->uid == 0},
            [&] {
              Offender offender;
              offender.words.what =
                  fmt::format("{} left running, among them {}",
                              count_of(left.size(), "process", "processes"), as_code(name));
              for (std::size_t i = 0; i < std::min<std::size_t>(left.size(), 10); ++i)
                offender.evidence.push_back(cite_process(*left[i], 0));
              return offender;
            });
}

/// The number of children of the eldest of each family that is left.
std::unordered_map<const ProcessEntry*, std::size_t> families(const Left& left) {
  std::unordered_map<std::int64_t, const ProcessEntry*> by_pid;
  for (const ProcessEntry* process : left) by_pid.emplace(process->pid, process);
  // The steps are bounded since a guest may report parents in a circle.
  const auto eldest = [&](const ProcessEntry* process) {
    for (std::size_t steps = 0; steps < left.size(); ++steps) {
      const auto parent = by_pid.find(process->parent);
      if (parent == by_pid.end() || parent->second == process) break;
      process = parent->second;
    }
    return process;
  };
  std::unordered_map<const ProcessEntry*, std::size_t> children;
  for (const ProcessEntry* process : left) {
    const ProcessEntry* head = eldest(process);
    children[head] += head == process ? 0 : 1;
  }
  return children;
}

}  // namespace

void process_effects(const RuleInput& input, Found& found) {
  const Left left = left_running(input);
  if (left.size() >= static_cast<std::size_t>(input.rubric.runaway_processes))
    return runaway(left, found);
  const auto children = families(left);
  std::unordered_set<std::int64_t> alive;
  for (const ProcessEntry& process : input.evidence.after.processes) alive.insert(process.pid);
  for (const ProcessEntry* process : left) {
    const auto family = children.find(process);
    if (family == children.end()) continue;
    const bool is_orphan = process->parent <= 1 || !alive.contains(process->parent);
    const std::string name = command_of(*process);
    found.add({.verb = Verb::Stay,
               .object = ObjectKind::Process,
               .name = name,
               .traits = is_orphan ? traits_of({Trait::Orphan}) : Traits(),
               .takes_root = process->uid == 0,
               .named =
                   [&](EffectClass) {
                     const Coverage named = process_named(input, *process);
                     return named.extent == ConsentExtent::None ? named_by_its_port(input, *process)
                                                                : named;
                   }},
              [&] {
                return Offender{{as_code(name), "", ""}, {cite_process(*process, family->second)}};
              });
  }
}

}  // namespace skillaudit
