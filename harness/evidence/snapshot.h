#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/evidence/gap.h"

namespace skillaudit {

/// The state of the guest at one moment, as tables. Column names follow osquery's tables of the
/// same subject where it has one. Strings are bytes as the guest gave them: untrusted, not always
/// UTF-8; they pass through printable() before anyone sees them.

enum class FileType {
  Regular,
  Directory,
  Symlink,
  Socket,
  Fifo,
  BlockDevice,
  CharacterDevice,
  Unknown
};

struct FileEntry {
  std::string path;  ///< absolute
  FileType type = FileType::Unknown;
  std::uint32_t mode = 0;  ///< permission bits with setuid, setgid and sticky: 07777
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;  ///< nanoseconds since the epoch, the guest's clock
  std::int64_t ctime_ns = 0;
  std::string link_target;  ///< symlinks only
  bool operator==(const FileEntry&) const = default;
};

/// The entry of `path` in a list that is sorted by path, or null.
[[nodiscard]] const FileEntry* find_file(const std::vector<FileEntry>& files,
                                         std::string_view path);

/// What a file carries beside content, owner and mode. Files without any have no rows.
struct FileAttribute {
  std::string path;
  std::string name;   ///< "user.label", "security.capability", "system.posix_acl_access"; "flags"
  std::string value;  ///< bytes; of "flags" the letters of lsattr(1), those of kKeptFlags alone
  bool operator==(const FileAttribute&) const = default;
};
/// Flags that tell: a (append only), i (immutable).
inline constexpr std::string_view kKeptFlags = "ai";

struct Package {
  std::string manager;  ///< "dpkg", "pip", "npm"
  std::string name;
  std::string version;
  std::string location;  ///< for pip and npm: the folder that holds it; empty for dpkg
  bool operator==(const Package&) const = default;
};

struct ProcessEntry {
  std::int64_t pid = 0;
  std::int64_t parent = 0;
  std::uint32_t uid = 0;
  std::string username;
  std::uint64_t start_time = 0;  ///< clock ticks after boot: with pid, names a process for good
  std::string name;              ///< comm, at most 15 bytes
  std::string path;              ///< /proc/PID/exe; empty for kernel threads
  std::vector<std::string> command_line;
  /// An ancestor of the shell that took this snapshot (sudo, the audit's own sshd session). What
  /// that shell itself started is not in the table at all.
  bool of_capture = false;
  /// The kernel knows it, and /proc as everybody sees it does not show it. One that not even the
  /// kernel lists has a pid alone.
  bool hidden = false;
  bool operator==(const ProcessEntry&) const = default;
};

struct SocketEntry {
  std::string protocol;  ///< "tcp", "tcp6", "udp", "udp6", "unix"
  std::string state;     ///< "LISTEN", "ESTABLISHED", …; as ss prints it, "UNCONN" for idle UDP
  std::string local_address;
  std::uint16_t local_port = 0;
  std::string remote_address;
  std::uint16_t remote_port = 0;
  std::string path;     ///< unix sockets
  std::string process;  ///< "name[pid]" where known
  bool operator==(const SocketEntry&) const = default;
};

/// A systemd unit: services, timers, sockets and paths, of the system and of each user.
struct Unit {
  std::string scope;  ///< "system", or "user:NAME"
  std::string id;     ///< "ssh.service"
  std::string load_state;
  std::string active_state;
  std::string sub_state;
  std::string unit_file_state;  ///< "enabled", "static", …; empty when it has no file
  bool operator==(const Unit&) const = default;
};

struct CronEntry {
  std::string source;  ///< the file that contains it
  std::string user;    ///< whom it runs as, where known
  std::string line;    ///< the whole line; for a script in cron.daily and its like, the file's name
  bool operator==(const CronEntry&) const = default;
};

struct User {
  std::string username;
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::string directory;
  std::string shell;
  bool operator==(const User&) const = default;
};

struct Group {
  std::string groupname;
  std::uint32_t gid = 0;
  std::vector<std::string> members;
  bool operator==(const Group&) const = default;
};

struct Mount {
  std::string device;
  std::string path;
  std::string type;
  std::string flags;
  std::string root;  ///< what of the file system is mounted: "/", or the folder or file of a bind
  bool operator==(const Mount&) const = default;
};

/// A setting of the running kernel that protects, or decides where data go.
struct KernelSetting {
  std::string kind;   ///< "sysctl", "route", "neighbour", "filter"
  std::string name;   ///< "kernel.core_pattern", "192.0.2.0/24"
  std::string value;  ///< as the kernel prints it
  bool operator==(const KernelSetting&) const = default;
};

/// The content of a small file that configures the system or a session: /etc/environment,
/// /etc/profile.d, shell rc files, sudoers, authorized_keys, crontabs, hosts, passwd … At most
/// 256 KiB of each. Shown as a unified diff when it changed.
struct ConfigText {
  std::string path;
  std::string content;
  bool operator==(const ConfigText&) const = default;
};

/// What is known of the content of a file that changed between the snapshots: asked for after the
/// second one.
struct FileDigest {
  std::string path;
  std::string sha256;
};

/// Which files each newly installed package put where: asked for after the second snapshot.
struct PackageFiles {
  std::string manager;
  std::string package;
  std::vector<std::string> paths;
};

struct Snapshot {
  std::vector<FileEntry> files;  ///< sorted by path, bytewise; unique
  std::vector<Package> packages;
  std::vector<ProcessEntry> processes;
  std::vector<SocketEntry> sockets;
  std::vector<Unit> units;
  std::vector<CronEntry> cron;
  std::vector<User> users;
  std::vector<Group> groups;
  std::vector<std::string> kernel_modules;  ///< sorted
  std::vector<Mount> mounts;
  std::vector<FileAttribute> attributes;       ///< sorted by path, then by name
  std::vector<KernelSetting> kernel_settings;  ///< sorted by kind, then by name
  std::vector<ConfigText> config;              ///< sorted by path
  /// The tables that were not captured at all: nothing can be compared with them.
  std::vector<Table> missing;
  /// Each table that could not be captured or parsed whole. Their scope names the table; the moment
  /// is known to who holds the snapshot.
  std::vector<Gap> gaps;
};

}  // namespace skillaudit
