#include <algorithm>
#include <map>
#include <set>

#include "harness/snapshot/fields.h"
#include "harness/snapshot/tables.h"

namespace skillaudit {
namespace {

/// First the pid of the capture's shell; then for each process "PID PPID UID START ARGC", comm, exe
/// and the arguments. Arguments beyond 32 KiB are cut: Linux allows megabytes.
constexpr std::string_view kPython = R"py(
def table_processes(out):
    out(b"%d\0" % shell)
    for entry in os.listdir(b"/proc"):
        if not entry.isdigit():
            continue
        process = b"/proc/" + entry
        try:
            status = read_any(process + b"/stat", 1 << 16)
            comm = status[status.index(b"(") + 1:status.rindex(b")")]
            fields = status[status.rindex(b")") + 2:].split()
            lines = read_any(process + b"/status", 1 << 16).split(b"\nUid:\t", 1)
            command = read_any(process + b"/cmdline", 1 << 15)
        except (FileNotFoundError, ProcessLookupError):
            continue
        try:
            exe = os.readlink(process + b"/exe")
        except OSError:
            exe = b""
        if command.endswith(b"\0"):
            command = command[:-1]
        arguments = command.split(b"\0") if command else []
        out(b"%d %d %d %d %d\0" % (int(entry), int(fields[1]), int(lines[1].split(None, 1)[0]),
                                   int(fields[19]), len(arguments)))
        for value in [comm, exe] + arguments:
            out(value + b"\0")
)py";

std::optional<ProcessEntry> parse_process(FieldReader& reader) {
  const auto header = reader.field();
  if (!header) return std::nullopt;
  std::string_view words = *header;
  const auto pid = parse_number<std::int64_t>(next_word(words));
  const auto parent = parse_number<std::int64_t>(next_word(words));
  const auto uid = parse_number<std::uint32_t>(next_word(words));
  const auto start = parse_number<std::uint64_t>(next_word(words));
  const auto arguments = parse_number<std::uint32_t>(next_word(words));
  const auto name = reader.field();
  const auto exe = reader.field();
  if (!pid || !parent || !uid || !start || !arguments || !name || !exe) return std::nullopt;
  ProcessEntry process;
  process.pid = *pid;
  process.parent = *parent;
  process.uid = *uid;
  process.start_time = *start;
  process.name = *name;
  process.path = *exe;
  for (std::uint32_t i = 0; i < *arguments; ++i) {
    const auto argument = reader.field();
    if (!argument) return std::nullopt;
    process.command_line.emplace_back(*argument);
  }
  return process;
}

/// Leaves out the capture's shell and its descendants, and marks its ancestors. Goes by descent
/// alone: a skill may name its daemon "find". PID 1 and what it started itself (the SSH daemon) are
/// not the audit's; the session that the daemon keeps for the audit is.
void set_capture_apart(std::vector<ProcessEntry>& processes, std::int64_t shell) {
  std::map<std::int64_t, std::int64_t> parent_of;
  for (const auto& process : processes) parent_of[process.pid] = process.parent;
  // A table that lies about parents may hold a cycle: a walk never takes more steps than rows.
  const auto descends_from_shell = [&](std::int64_t pid) {
    for (std::size_t steps = 0; steps <= processes.size(); ++steps) {
      if (pid == shell) return true;
      const auto it = parent_of.find(pid);
      if (it == parent_of.end() || pid <= 1) return false;
      pid = it->second;
    }
    return false;
  };
  std::set<std::int64_t> ancestors;
  const auto parent = [&](std::int64_t pid) {
    const auto it = parent_of.find(pid);
    return it == parent_of.end() ? 0 : it->second;
  };
  for (auto pid = parent(shell); pid > 1 && parent(pid) > 1 && ancestors.insert(pid).second;) {
    pid = parent(pid);
  }
  std::erase_if(processes, [&](const ProcessEntry& p) { return descends_from_shell(p.pid); });
  for (auto& process : processes) process.of_capture = ancestors.contains(process.pid);
}

}  // namespace

std::string_view processes_python() { return kPython; }

Parsed<ProcessEntry> parse_processes(std::string_view raw) {
  Parsed<ProcessEntry> result;
  MalformedRows malformed("processes");
  FieldReader reader(raw);
  const auto first = reader.field();
  const auto shell = first ? parse_number<std::int64_t>(*first) : std::nullopt;
  if (!shell || *shell <= 1) {
    malformed.add(raw);
    result.gaps = malformed.gaps();
    return result;
  }
  while (!reader.done()) {
    const std::string_view rest = reader.rest();
    auto process = parse_process(reader);
    if (!process) {
      malformed.add(rest);
      break;
    }
    result.rows.push_back(std::move(*process));
  }
  set_capture_apart(result.rows, *shell);
  std::sort(result.rows.begin(), result.rows.end(), [](const auto& a, const auto& b) {
    return std::tie(a.pid, a.start_time) < std::tie(b.pid, b.start_time);
  });
  result.gaps = malformed.gaps();
  return result;
}

}  // namespace skillaudit
