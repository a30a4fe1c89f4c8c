#include <algorithm>
#include <map>
#include <set>

#include "harness/snapshot/fields.h"
#include "harness/snapshot/tables.h"

namespace skillaudit {
namespace {

std::optional<ProcessEntry> parse_process(FieldReader& reader) {
  const auto header = reader.field();
  if (!header) return std::nullopt;
  std::string_view words = *header;
  const auto pid = parse_number<std::int64_t>(next_word(words));
  const auto parent = parse_number<std::int64_t>(next_word(words));
  const auto uid = parse_number<std::uint32_t>(next_word(words));
  const auto start = parse_number<std::uint64_t>(next_word(words));
  const auto arguments = parse_number<std::uint32_t>(next_word(words));
  const bool hidden = next_word(words) == "hidden";
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
  process.hidden = hidden;
  for (std::uint32_t i = 0; i < *arguments; ++i) {
    const auto argument = reader.field();
    if (!argument) return std::nullopt;
    process.command_line.emplace_back(*argument);
  }
  return process;
}

/// Leaves out the witness and its descendants, and marks its ancestors, the process that serves the
/// audit's session and that one's ancestors. Goes by descent alone: a skill may name its daemon
/// "sshd". PID 1 and what it started itself (the SSH daemon) are not the audit's.
void set_capture_apart(std::vector<ProcessEntry>& processes, std::int64_t witness,
                       std::int64_t session) {
  std::map<std::int64_t, std::int64_t> parent_of;
  for (const auto& process : processes) parent_of[process.pid] = process.parent;
  const auto parent = [&](std::int64_t pid) {
    const auto it = parent_of.find(pid);
    return it == parent_of.end() ? 0 : it->second;
  };
  // A table that lies about parents may hold a cycle: a walk never takes more steps than rows.
  const auto descends_from_witness = [&](std::int64_t pid) {
    for (std::size_t steps = 0; steps <= processes.size() && pid > 1; ++steps) {
      if (pid == witness) return true;
      pid = parent(pid);
    }
    return false;
  };
  std::set<std::int64_t> own;
  for (auto pid : {parent(witness), session})
    while (pid > 1 && parent(pid) > 1 && own.insert(pid).second) pid = parent(pid);
  std::erase_if(processes, [&](const ProcessEntry& p) { return descends_from_witness(p.pid); });
  for (auto& process : processes) process.of_capture = own.contains(process.pid);
}

}  // namespace

Parsed<ProcessEntry> parse_processes(std::string_view raw) {
  Parsed<ProcessEntry> result;
  MalformedRows malformed(Table::Processes);
  FieldReader reader(raw);
  // "WITNESS SESSION", their pids.
  std::string_view first = reader.field().value_or("");
  const auto witness = parse_number<std::int64_t>(next_word(first));
  const auto session = parse_number<std::int64_t>(next_word(first));
  if (!witness || *witness <= 1 || !session) {
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
  set_capture_apart(result.rows, *witness, *session);
  std::sort(result.rows.begin(), result.rows.end(), [](const auto& a, const auto& b) {
    return std::tie(a.pid, a.start_time) < std::tie(b.pid, b.start_time);
  });
  result.gaps = malformed.gaps();
  return result;
}

}  // namespace skillaudit
