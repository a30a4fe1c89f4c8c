#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "harness/changes/changes_rows.h"

namespace skillaudit {
namespace {

auto key_of(const SocketEntry& s) {
  return std::tie(s.protocol, s.local_address, s.local_port, s.remote_address, s.remote_port,
                  s.state, s.path);
}

/// The pid in "name[pid]"; the name is the process's own to choose, brackets included.
std::optional<std::int64_t> pid_of(const SocketEntry& socket) {
  const std::size_t open = socket.process.rfind('[');
  if (open == std::string::npos || !socket.process.ends_with(']')) return std::nullopt;
  const char* end = socket.process.data() + socket.process.size() - 1;
  std::int64_t pid = 0;
  const auto [stop, error] = std::from_chars(socket.process.data() + open + 1, end, pid);
  return error == std::errc{} && stop == end ? std::optional(pid) : std::nullopt;
}

/// Processes that were there before the skill and still are, by pid, and those of the audit.
std::set<std::int64_t> known_processes(const Snapshot& before, const Snapshot& after) {
  std::map<std::int64_t, std::uint64_t> started;
  for (const auto& process : before.processes) started[process.pid] = process.start_time;
  std::set<std::int64_t> known;
  for (const auto& process : after.processes) {
    const auto it = started.find(process.pid);
    if (process.of_capture || (it != started.end() && it->second == process.start_time)) {
      known.insert(process.pid);
    }
  }
  for (const auto& process : before.processes) {
    if (process.of_capture) known.insert(process.pid);
  }
  return known;
}

bool waits_for_others(const SocketEntry& socket) {
  return socket.state == "LISTEN" || socket.state == "UNCONN";
}

}  // namespace

/// What comes and goes by itself is left out: the ends of closed connections, and connections of
/// programs that ran before the skill did (the audit's SSH session, time synchronisation).
std::vector<RowChange<SocketEntry>> changed_sockets(const Snapshot& before, const Snapshot& after) {
  const auto known = known_processes(before, after);
  auto changes = compare_rows(before.sockets, after.sockets, key_of,
                              [](const SocketEntry&, const SocketEntry&) { return true; });
  std::erase_if(changes, [&](const RowChange<SocketEntry>& change) {
    const SocketEntry& socket = change.kind == ChangeKind::Deleted ? change.before : change.after;
    if (waits_for_others(socket)) return false;
    if (socket.state != "ESTABLISHED" && socket.state != "SYN_SENT") return true;
    const auto pid = pid_of(socket);
    return pid && known.contains(*pid);
  });
  return changes;
}

}  // namespace skillaudit
