#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include "harness/witness/io.h"
#include "harness/witness/tables.h"

namespace witness {
namespace {

/// Linux allows megabytes of arguments.
constexpr std::size_t kMostArguments = 1U << 15;

std::vector<std::string> processes() {
  std::vector<std::string> found;
  for (std::string& name : names_in("/proc"))
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

}  // namespace

/// First "WITNESS SESSION", the pids of this program and of the audit's session; then for each
/// process "PID PPID UID START ARGC", comm, exe and the arguments.
std::string processes_table(int witness, int session) {
  std::string out;
  put_field(out, std::to_string(witness) + " " + std::to_string(session));
  for (const std::string& pid : processes()) {
    const std::string folder = "/proc/" + pid;
    const auto stat = read_any(folder + "/stat", 1U << 16);
    const auto status = read_any(folder + "/status", 1U << 16);
    auto command = read_any(folder + "/cmdline", kMostArguments);
    if (!stat || !status || !command) continue;  // gone meanwhile
    const std::size_t begin = stat->find('(');
    const std::size_t end = stat->rfind(')');
    if (begin == std::string::npos || end == std::string::npos || end < begin) continue;
    // proc(5): what follows the name begins with the third field.
    const auto fields = words(std::string_view(*stat).substr(end + 1));
    const std::string_view user = user_of(*status);
    if (fields.size() < 20 || user.empty()) continue;
    if (command->ends_with('\0')) command->pop_back();
    std::vector<std::string_view> arguments;
    if (!command->empty()) {
      arguments = split(*command, '\0');
      if (command->ends_with('\0')) arguments.emplace_back();
    }
    out.append(pid).append(" ").append(fields[1]).append(" ").append(user).append(" ");
    put_field(out.append(fields[19]).append(" "), std::to_string(arguments.size()));
    put_field(out, std::string_view(*stat).substr(begin + 1, end - begin - 1));
    put_field(out, link_target(folder + "/exe").value_or(""));
    for (const std::string_view argument : arguments) put_field(out, argument);
  }
  return out;
}

/// The kernel's own tables: nothing to install, and no quoting of hostile names to undo. Then
/// "INODE PID", comm for each socket that a process holds.
std::string sockets_table() {
  std::string out;
  for (const std::string name : {"tcp", "tcp6", "udp", "udp6", "unix"})
    put_blob(out, name, read_any("/proc/net/" + name, 1U << 25).value_or(""));
  for (const std::string& pid : processes()) {
    const std::string folder = "/proc/" + pid + "/fd";
    std::optional<std::string> name;
    for (const std::string& fd : names_in(folder)) {
      const std::string target = link_target(folder + "/" + fd).value_or("");
      if (!target.starts_with("socket:[")) continue;
      if (!name) {
        name = read_any("/proc/" + pid + "/comm", 64).value_or("");
        if (name->ends_with('\n')) name->pop_back();
      }
      put_field(out, target.substr(8, target.size() - 9) + " " + pid);
      put_field(out, *name);
    }
  }
  return out;
}

}  // namespace witness
