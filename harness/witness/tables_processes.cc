#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "harness/witness/io.h"
#include "harness/witness/tables.h"

namespace witness {
namespace {

/// Linux allows megabytes of arguments.
constexpr std::size_t kMostArguments = 1U << 15;

std::vector<std::string> processes() {
  std::vector<std::string> found;
  for (std::string& name : names_in(in_proc(".")))
    if (is_number(name)) found.push_back(std::move(name));
  return found;
}

/// The real user of /proc/PID/status.
std::string_view user_of(std::string_view status) {
  const std::size_t at = status.find("\nUid:\t");
  if (at == std::string_view::npos) return {};
  status.remove_prefix(at + 6);
  return status.substr(0, status.find_first_of("\t\n"));
}

/// What proc(5) says of a process.
struct Stat {
  std::string name;
  std::string parent;
  std::string start;
};

std::optional<Stat> stat_in(const std::string& folder) {
  const auto text = read_any(folder + "/stat", 1U << 16);
  if (!text) return std::nullopt;
  const std::size_t begin = text->find('(');
  const std::size_t end = text->rfind(')');
  if (begin == std::string::npos || end == std::string::npos || end < begin) return std::nullopt;
  // What follows the name begins with the third field.
  const auto fields = words(std::string_view(*text).substr(end + 1));
  if (fields.size() < 20) return std::nullopt;
  return Stat{text->substr(begin + 1, end - begin - 1), std::string(fields[1]),
              std::string(fields[19])};
}

/// Whether /proc, as everybody sees it, shows this process: nothing, or another one, may have been
/// mounted over its folder.
bool is_shown(const std::string& pid, const Stat& stat) {
  const auto start = [&](const std::string& folder) {
    const auto again = stat_in(folder);
    return again ? again->start : "";
  };
  return start("/proc/" + pid) == stat.start || start(in_proc(pid)) != stat.start;
}

/// Processes that can be signalled, and that the kernel does not show at all.
std::vector<std::string> unlisted(const std::vector<std::string>& listed) {
  constexpr std::uint64_t kMost = 200'000;
  const std::string load = read_any(in_proc("loadavg"), 256).value_or("");
  const auto fields = words(load);
  const std::uint64_t last = fields.size() < 5 ? 0 : std::min(number(fields[4]), kMost);
  std::vector<bool> known(last + 1, false);
  for (const std::string& pid : listed)
    if (const std::uint64_t at = number(pid); at <= last) known[at] = true;
  std::vector<std::string> found;
  for (std::uint64_t pid = 1; pid <= last; ++pid) {
    const auto alive = [&] { return ::kill(static_cast<pid_t>(pid), 0) == 0; };
    // A thread, or a process that came since, has a folder that can be entered by its number.
    if (known[pid] || !alive() || is_folder(in_proc(std::to_string(pid))) || !alive()) continue;
    found.push_back(std::to_string(pid));
  }
  return found;
}

}  // namespace

/// First "WITNESS SESSION", the pids of this program and of the audit's session; then for each
/// process "PID PPID UID START ARGC", comm, exe and the arguments. " hidden" ends the numbers of
/// one that /proc does not show to everybody.
std::string processes_table(int witness, int session) {
  std::string out;
  put_field(out, std::to_string(witness) + " " + std::to_string(session));
  const std::vector<std::string> listed = processes();
  for (const std::string& pid : listed) {
    const std::string folder = in_proc(pid);
    const auto stat = stat_in(folder);
    const auto status = read_any(folder + "/status", 1U << 16);
    auto command = read_any(folder + "/cmdline", kMostArguments);
    if (!stat || !status || !command) continue;  // gone meanwhile
    const std::string_view user = user_of(*status);
    if (user.empty()) continue;
    if (command->ends_with('\0')) command->pop_back();
    std::vector<std::string_view> arguments;
    if (!command->empty()) {
      arguments = split(*command, '\0');
      if (command->ends_with('\0')) arguments.emplace_back();
    }
    out.append(pid).append(" ").append(stat->parent).append(" ").append(user).append(" ");
    out.append(stat->start).append(" ").append(std::to_string(arguments.size()));
    put_field(out, is_shown(pid, *stat) ? "" : " hidden");
    put_field(out, stat->name);
    put_field(out, link_target(folder + "/exe").value_or(""));
    for (const std::string_view argument : arguments) put_field(out, argument);
  }
  for (const std::string& pid : unlisted(listed)) {
    put_field(out.append(pid), " 0 0 0 0 hidden");
    put_field(out, "");
    put_field(out, "");
  }
  return out;
}

/// The kernel's own tables: nothing to install, and no quoting of hostile names to undo. Then
/// "INODE PID", comm for each socket that a process holds.
std::string sockets_table() {
  std::string out;
  for (const std::string name : {"tcp", "tcp6", "udp", "udp6", "unix"})
    put_blob(out, name, read_any(in_proc("net/" + name), 1U << 25).value_or(""));
  for (const std::string& pid : processes()) {
    const std::string folder = in_proc(pid + "/fd");
    std::optional<std::string> name;
    for (const std::string& fd : names_in(folder)) {
      const std::string target = link_target(folder + "/" + fd).value_or("");
      if (!target.starts_with("socket:[")) continue;
      if (!name) {
        name = read_any(in_proc(pid + "/comm"), 64).value_or("");
        if (name->ends_with('\n')) name->pop_back();
      }
      put_field(out, target.substr(8, target.size() - 9) + " " + pid);
      put_field(out, *name);
    }
  }
  return out;
}

}  // namespace witness
