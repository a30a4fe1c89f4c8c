#pragma once

#include <span>
#include <string_view>

#include "harness/changes/changes.h"

namespace skillaudit {

/// What a running system, or a package manager at work, changes by itself. Data, each entry narrow
/// and with its reason: a skill that wants to hide would hide in a wide one.

enum KindSet : unsigned {
  kAdded = 1U << 0,
  kModified = 1U << 1,
  kDeleted = 1U << 2,
};

/// What must hold of the file beside its path.
enum class NoiseLimit {
  None,
  Grows,            ///< not smaller after than before: a log that shrank was cleared
  DirectoryOfRoot,  ///< a directory that root owns
  Directory,
  Symlink,
  Empty,        ///< a regular file without content
  PlainOfRoot,  ///< root's, and nothing that can be executed
  Plain,        ///< nothing that can be executed
  NoFile,       ///< no regular file: devices, links, folders
};

struct NoiseRule {
  /// Absolute; `*` matches anything but "/", `**` anything, "/x/**" for "/x" too, and a
  /// leading "~" for "/root" and "/home/*".
  std::string_view pattern;
  unsigned kinds = 0;  ///< of KindSet
  NoiseLimit limit = NoiseLimit::None;
  std::string_view why;
};

/// Which package managers did something between the snapshots.
struct ManagerActivity {
  bool dpkg = false;  ///< packages came, went or changed version
  bool apt = false;   ///< as dpkg, or apt asked a mirror for something
  bool pip = false;
  bool npm = false;
};

[[nodiscard]] std::span<const NoiseRule> system_noise();
[[nodiscard]] std::span<const NoiseRule> dpkg_noise();
[[nodiscard]] std::span<const NoiseRule> apt_noise();
/// Of apt whether or not its activity was seen.
[[nodiscard]] std::span<const NoiseRule> apt_caches();
[[nodiscard]] std::span<const NoiseRule> pip_noise();
[[nodiscard]] std::span<const NoiseRule> npm_noise();

/// Linear in `path` for the patterns above.
[[nodiscard]] bool matches_pattern(std::string_view pattern, std::string_view path);

/// A changed mode or owner, or a setuid or setgid bit, is never noise.
[[nodiscard]] bool is_system_noise(const FileChange& change);
[[nodiscard]] bool is_manager_noise(const FileChange& change, const ManagerActivity& activity);

/// Processes, units and mounts that systemd starts and ends on its own account.
[[nodiscard]] bool is_transient_service(const ProcessEntry& process);
[[nodiscard]] bool is_transient_unit(const Unit& unit);
[[nodiscard]] bool is_transient_mount(const Mount& mount);

}  // namespace skillaudit
