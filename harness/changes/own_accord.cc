#include "harness/changes/own_accord.h"

#include <algorithm>
#include <array>
#include <string>

#include "harness/changes/exec_name.h"
#include "harness/changes/locations.h"

namespace skillaudit {
namespace {

struct StarterProgram {
  std::string_view program;
  Starter starter;
};
constexpr std::array<StarterProgram, 13> kStarters = {{
    {"/usr/lib/systemd/systemd", Starter::Systemd},
    {"/usr/lib/systemd/systemd-executor", Starter::Systemd},
    {"/usr/sbin/cron", Starter::Cron},
    {"/usr/sbin/crond", Starter::Cron},
    {"/usr/sbin/anacron", Starter::Cron},
    {"/usr/sbin/atd", Starter::At},
    {"/usr/bin/dbus-daemon", Starter::DBus},
    {"/usr/bin/dbus-broker-launch", Starter::DBus},
    {"/usr/sbin/sshd", Starter::Ssh},
    {"/usr/lib/openssh/sshd-session", Starter::Ssh},
    {"/usr/bin/udevadm", Starter::Udev},
    {"/usr/lib/systemd/systemd-udevd", Starter::Udev},
    {"/usr/lib/dbus-1.0/dbus-daemon-launch-helper", Starter::DBus},
}};

/// With merged /usr, "/lib/x" and "/sbin/x" are in "/usr".
std::string merged(std::string_view program) {
  for (const std::string_view top : {"/bin/", "/sbin/", "/lib/"})
    if (program.starts_with(top)) return "/usr" + std::string(program);
  return std::string(program);
}

template <typename Words>
bool is_one_of(std::string_view word, const Words& words) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

/// What Debian's own units start by a timer or while the machine runs, by package: apt, dpkg,
/// e2fsprogs, util-linux, logrotate, man-db, systemd.
constexpr std::string_view kOfUnits[] = {"/usr/lib/apt/apt.systemd.daily",
                                         "/usr/lib/apt/apt-helper",
                                         "/usr/libexec/dpkg/dpkg-db-backup",
                                         "/usr/sbin/e2scrub_all",
                                         "/usr/sbin/fstrim",
                                         "/usr/sbin/logrotate",
                                         "/usr/bin/mandb",
                                         "/usr/bin/systemd-tmpfiles",
                                         "/usr/lib/systemd/systemd-hostnamed",
                                         "/usr/lib/systemd/systemd-localed",
                                         "/usr/lib/systemd/systemd-timedated",
                                         "/usr/lib/systemd/systemd-logind",
                                         "/usr/lib/systemd/systemd-timesyncd",
                                         "/usr/lib/systemd/systemd-journald",
                                         "/usr/lib/systemd/systemd-udevd",
                                         "/usr/lib/systemd/systemd-user-runtime-dir",
                                         "/usr/lib/systemd/systemd-coredump",
                                         "/usr/lib/systemd/systemd-random-seed",
                                         "/usr/lib/systemd/systemd-update-utmp",
                                         "/usr/bin/udevadm",
                                         "/usr/bin/dbus-daemon",
                                         "/usr/sbin/agetty",
                                         "/usr/sbin/ldconfig"};

/// Generators and the like. One of them connects to where it is told.
bool is_systemds_helper(std::string_view program) {
  return program.starts_with("/usr/lib/systemd/") && !program.ends_with("/systemd-socket-proxyd");
}

/// Programs of which the arguments are the program.
bool is_general(std::string_view program) {
  constexpr std::string_view kGeneral[] = {
      "sh",      "bash",    "dash",  "zsh",     "ksh",     "env",     "perl", "ruby",
      "node",    "busybox", "curl",  "wget",    "nc",      "cat",     "cp",   "mv",
      "dd",      "install", "tar",   "ln",      "chmod",   "chown",   "tee",  "sed",
      "awk",     "mawk",    "gawk",  "socat",   "openssl", "setpriv", "su",   "sudo",
      "runuser", "setsid",  "nohup", "timeout", "xargs",   "find",    "rm"};
  const std::string_view name = base_name(program);
  return is_one_of(name, kGeneral) || name.starts_with("python") || name.starts_with("perl5");
}

/// `sh -c COMMAND`, as cron runs a line of a table that was there before.
bool is_line_of_cron(const Evidence& evidence, const TraceEvent& exec) {
  if (exec.arguments.size() != 3 || exec.arguments[1] != "-c" || exec.arguments[2].empty())
    return false;
  return std::any_of(
      evidence.before.cron.begin(), evidence.before.cron.end(),
      [&](const CronEntry& entry) { return entry.line.ends_with(exec.arguments[2]); });
}

}  // namespace

bool is_as_before(const Evidence& evidence, std::string_view path) {
  const std::string at = merged(path);
  const FileEntry* before = find_file(evidence.before.files, at);
  const FileEntry* after = find_file(evidence.after.files, at);
  return before != nullptr && after != nullptr && before->size == after->size &&
         before->mtime_ns == after->mtime_ns && before->ctime_ns == after->ctime_ns &&
         before->link_target == after->link_target;
}

Starter starter_at(std::string_view program) {
  const std::string path = merged(program);
  const auto found = std::find_if(kStarters.begin(), kStarters.end(),
                                  [&](const StarterProgram& each) { return each.program == path; });
  return found == kStarters.end() ? Starter::None : found->starter;
}

std::string_view name_of(Starter starter) {
  constexpr std::array<std::string_view, 8> kNames = {"",      "systemd", "cron", "at",
                                                      "D-Bus", "sshd",    "udev", "the kernel"};
  return kNames[static_cast<std::size_t>(starter)];
}

bool is_generator(std::string_view program) {
  const std::string path = merged(program);
  return path.starts_with("/usr/lib/systemd/system-generators/") ||
         path.starts_with("/usr/lib/systemd/user-generators/") ||
         path == "/usr/libexec/netplan/generate" || path == "/usr/lib/netplan/generate";
}

bool is_starters_own(std::string_view program) {
  return starter_at(program) != Starter::None || merged(program) == "/usr/lib/openssh/sftp-server";
}

bool runs_what_was_there(const Evidence& evidence, const TraceEvent& exec) {
  if (!is_as_before(evidence, exec.program)) return false;
  std::string script(script_of_exec(exec));
  if (script.empty()) return true;
  if (!script.starts_with('/')) script = exec.folder + "/" + script;
  return is_as_before(evidence, script);
}

bool is_of_own_accord(const Evidence& evidence, Starter starter, const TraceEvent& exec) {
  if (!runs_what_was_there(evidence, exec)) return false;
  const std::string script = merged(script_of_exec(exec));
  const std::string program = script.empty() ? merged(exec.program) : script;
  switch (starter) {
    case Starter::Systemd:
      return is_one_of(program, kOfUnits) || is_systemds_helper(program) || is_generator(program);
    case Starter::Cron:
      return is_line_of_cron(evidence, exec);
    case Starter::DBus:
    case Starter::Udev:
    case Starter::Kernel:
      return !is_general(exec.program);
    default:
      return false;
  }
}

}  // namespace skillaudit
