#include "harness/rules/rights.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "harness/rules/trace_words.h"

namespace skillaudit {
namespace {

constexpr std::uint32_t kSetuid = 04000;

bool is_package_manager(std::string_view program) {
  static constexpr std::array<std::string_view, 5> kManagers = {
      "/usr/bin/apt", "/usr/bin/apt-get", "/usr/bin/aptitude", "/usr/bin/dpkg",
      "/usr/bin/unattended-upgrade"};
  return std::find(kManagers.begin(), kManagers.end(), program) != kManagers.end();
}

bool installed_packages(const RuleInput& input) {
  return std::any_of(input.packages.begin(), input.packages.end(),
                     [](const NewPackage& each) { return each.from_mirror; });
}

}  // namespace

/// sudo and its like: setuid root before the skill ran, or brought so by a package of the
/// distribution.
bool Rights::grants_root(const RuleInput& input, const TraceEvent& exec) const {
  const FileEntry* entry = entry_before(input, exec.program);
  if (entry != nullptr && (entry->mode & kSetuid) != 0 && entry->uid == 0) return true;
  return comes_with_package(input, exec.program);
}

Rights::Rights(const RuleInput& input) {
  const ProcessTree& processes = input.processes;
  const std::vector<TraceEvent>& events = processes.events();
  const bool packages = installed_packages(input);
  // Where the kernel lost records, the one of sudo may be among them.
  const bool whole = input.evidence.trace.lost == 0;
  std::vector<std::uint8_t> state(processes.processes(), 0);
  std::vector<bool> known(processes.processes(), false);
  std::vector<bool> executed(processes.processes(), false);
  state_of_.reserve(events.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    const TraceEvent& event = events[i];
    const ProcessTree::Process process = processes.process(i);
    const ProcessTree::Process parent = processes.parent(process);
    if (!known[process]) {
      known[process] = true;
      if (parent != ProcessTree::kNobody) state[process] = state[parent];
    }
    std::uint8_t& now = state[process];
    const bool of_skill = processes.acts_for_skill(i);
    // A unit of the system's manager starts as root, and who may start one is asked elsewhere.
    if (processes.is_on_request(process) && event.kind == TraceKind::Exec && event.uid == 0 &&
        (parent == ProcessTree::kNobody || !processes.is_on_request(parent)))
      now |= kMayBeRoot;
    if (of_skill && event.kind == TraceKind::Exec && event.success) {
      // A session of root starts as root: its shell does, before the skill's first word.
      const bool begins =
          processes.is_shell_of_step(process) && !executed[process] && event.uid == 0;
      executed[process] = true;
      if (begins || grants_root(input, event)) now |= kMayBeRoot;
      if (packages && is_package_manager(event.program) && is_own_program(input, event.program))
        now |= kPackageManager;
    }
    const bool is_root = event.uid == 0 || event.effective_uid == 0;
    // Until the session has executed the shell, the process is still the session's own.
    const bool is_sessions = processes.is_shell_of_step(process) && !executed[process];
    if (of_skill && is_root && !is_sessions && (now & kMayBeRoot) == 0) {
      const bool by_itself =
          event.kind == TraceKind::Exec && event.effective_uid == 0 && event.uid != 0;
      if (whole || by_itself) escalations_.push_back(i);
      now |= kMayBeRoot;
    }
    if (event.kind == TraceKind::Fork) {
      const ProcessTree::Process child = processes.target(i);
      if (child != ProcessTree::kNobody && !known[child]) {
        known[child] = true;
        state[child] = now;
      }
    }
    state_of_.push_back(now);
  }
}

}  // namespace skillaudit
