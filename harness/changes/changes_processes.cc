#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "harness/changes/changes_rows.h"
#include "harness/changes/noise.h"

namespace skillaudit {
namespace {

/// A pid is used again; with the tick at which the process started it is not.
using ProcessKey = std::pair<std::int64_t, std::uint64_t>;

ProcessKey key_of(const ProcessEntry& process) { return {process.pid, process.start_time}; }

/// kthreadd is PID 2 and the parent of all others; nothing in user space can become its child.
bool is_kernel_thread(const ProcessEntry& process) {
  return process.pid == 2 || process.parent == 2;
}

class Family {
 public:
  explicit Family(const Snapshot& snapshot) {
    for (const auto& process : snapshot.processes) {
      by_pid_[process.pid] = &process;
      keys_.insert(key_of(process));
    }
  }
  [[nodiscard]] const ProcessEntry* parent_of(const ProcessEntry& process) const {
    const auto it = by_pid_.find(process.parent);
    return it == by_pid_.end() ? nullptr : it->second;
  }
  [[nodiscard]] bool has(const ProcessEntry& process) const {
    return keys_.contains(key_of(process));
  }

 private:
  std::map<std::int64_t, const ProcessEntry*> by_pid_;
  std::set<ProcessKey> keys_;
};

/// udev forks workers as devices come and lets them go when idle. A worker is the daemon's own
/// child and runs the daemon's own program, or none when it is about to end and has no memory any
/// more; the daemon was there in both snapshots.
bool is_udev_worker(const ProcessEntry& process, const Family& family, const Family& other) {
  const ProcessEntry* parent = family.parent_of(process);
  if (!parent || parent->parent != 1 || process.uid != 0 || !other.has(*parent)) return false;
  const bool is_ending = process.path.empty() && process.command_line.empty();
  return (is_ending || process.path == parent->path) &&
         (parent->path == "/usr/bin/udevadm" || parent->path == "/usr/lib/systemd/systemd-udevd");
}

/// Direct children of the audit's own sshd session are what the audit asked for. Before the skill
/// ran that is all of them; after it, only the file transfer is, and a step's shell that still runs
/// is the skill's.
bool is_channel_of_audit(const ProcessEntry& process, const Family& family, ChangeKind kind) {
  const ProcessEntry* parent = family.parent_of(process);
  if (!parent || !parent->of_capture) return false;
  return kind == ChangeKind::Deleted || process.path == "/usr/lib/openssh/sftp-server";
}

}  // namespace

std::vector<RowChange<ProcessEntry>> changed_processes(const Snapshot& before,
                                                       const Snapshot& after) {
  const Family old_family(before);
  const Family new_family(after);
  auto changes = compare_rows(before.processes, after.processes, key_of,
                              [](const ProcessEntry&, const ProcessEntry&) { return true; });
  std::erase_if(changes, [&](const RowChange<ProcessEntry>& change) {
    const bool deleted = change.kind == ChangeKind::Deleted;
    const ProcessEntry& process = deleted ? change.before : change.after;
    const Family& family = deleted ? old_family : new_family;
    const Family& other = deleted ? new_family : old_family;
    return is_kernel_thread(process) || process.of_capture || is_transient_service(process) ||
           is_udev_worker(process, family, other) ||
           is_channel_of_audit(process, family, change.kind);
  });
  return changes;
}

}  // namespace skillaudit
