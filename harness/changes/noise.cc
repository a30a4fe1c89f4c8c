#include "harness/changes/noise.h"

#include <algorithm>
#include <iterator>

#include "harness/base/glob.h"

namespace skillaudit {
namespace {

const FileEntry& entry_of(const FileChange& change) {
  return change.kind == ChangeKind::Deleted ? change.before : change.after;
}

unsigned bit_of(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::Added:
      return kAdded;
    case ChangeKind::Modified:
      return kModified;
    case ChangeKind::Deleted:
      return kDeleted;
  }
  return 0;
}

bool is_plain(const FileEntry& entry) {
  return entry.type != FileType::Regular || (entry.mode & 0111) == 0;
}

bool within_limit(const NoiseRule& rule, const FileChange& change) {
  const FileEntry& entry = entry_of(change);
  switch (rule.limit) {
    case NoiseLimit::None:
      return true;
    case NoiseLimit::Grows:
      return entry.type == FileType::Regular &&
             (change.kind != ChangeKind::Modified || change.after.size >= change.before.size);
    case NoiseLimit::DirectoryOfRoot:
      return entry.type == FileType::Directory && entry.uid == 0;
    case NoiseLimit::Directory:
      return entry.type == FileType::Directory;
    case NoiseLimit::Symlink:
      return entry.type == FileType::Symlink;
    case NoiseLimit::Empty:
      return entry.type == FileType::Regular && entry.size == 0;
    case NoiseLimit::PlainOfRoot:
      return is_plain(entry) && entry.uid == 0;
    case NoiseLimit::Plain:
      return is_plain(entry);
    case NoiseLimit::NoFile:
      return entry.type != FileType::Regular;
  }
  return false;
}

/// Contents and existence may be noise; permissions are not, whoever the path belongs to.
bool may_be_noise(const FileChange& change) {
  constexpr std::uint32_t kSetIds = 06000;
  const FileEntry& entry = entry_of(change);
  if (entry.type != FileType::Directory && (entry.mode & kSetIds) != 0) return false;
  if (change.kind != ChangeKind::Modified) return true;
  return !change.metadata_changed() && change.before.type == change.after.type;
}

bool any_matches(std::span<const NoiseRule> rules, const FileChange& change) {
  return std::any_of(rules.begin(), rules.end(), [&](const NoiseRule& rule) {
    return (rule.kinds & bit_of(change.kind)) != 0 &&
           matches_pattern(rule.pattern, change.path()) && within_limit(rule, change);
  });
}

template <typename Table>
bool has(const Table& table, std::string_view word) {
  return std::find(std::begin(table), std::end(table), word) != std::end(table);
}

}  // namespace

bool matches_pattern(std::string_view pattern, std::string_view path) {
  if (pattern.starts_with("~/")) {
    pattern.remove_prefix(1);
    if (path.starts_with("/root")) return matches_pattern(pattern, path.substr(5));
    if (!path.starts_with("/home/") || path.size() == 6) return false;
    return matches_pattern(pattern, path.substr(std::min(path.find('/', 6), path.size())));
  }
  // What most paths differ in is the beginning: cheap tests before the walk.
  if (pattern.size() > 1 && path.size() > 1 && pattern[1] != path[1] && pattern[1] != '*')
    return false;
  const std::string_view fixed = pattern.substr(0, pattern.find('*'));
  if (pattern.ends_with("/**") && matches_path_glob(pattern.substr(0, pattern.size() - 3), path))
    return true;
  return path.starts_with(fixed) && matches_path_glob(pattern, path);
}

bool is_system_noise(const FileChange& change) {
  return may_be_noise(change) && any_matches(system_noise(), change);
}

bool is_manager_noise(const FileChange& change, const ManagerActivity& activity) {
  if (!may_be_noise(change)) return false;
  return any_matches(apt_caches(), change) ||
         (activity.dpkg && any_matches(dpkg_noise(), change)) ||
         (activity.apt && any_matches(apt_noise(), change)) ||
         (activity.pip && any_matches(pip_noise(), change)) ||
         (activity.npm && any_matches(npm_noise(), change));
}

bool is_transient_service(const ProcessEntry& process) {
  // D-Bus starts these when someone asks, and they end half a minute later.
  static constexpr std::string_view kOnDemand[] = {"/usr/lib/systemd/systemd-hostnamed",
                                                   "/usr/lib/systemd/systemd-localed",
                                                   "/usr/lib/systemd/systemd-timedated"};
  return process.parent == 1 && process.uid == 0 && has(kOnDemand, process.path);
}

bool is_transient_unit(const Unit& unit) {
  // Started by D-Bus, or by a timer of Debian's own; only whether they run at this moment is noise.
  static constexpr std::string_view kUnits[] = {"systemd-hostnamed.service",
                                                "systemd-localed.service",
                                                "systemd-timedated.service",
                                                "systemd-tmpfiles-clean.service",
                                                "apt-daily.service",
                                                "apt-daily-upgrade.service",
                                                "dpkg-db-backup.service",
                                                "e2scrub_all.service",
                                                "fstrim.service",
                                                "logrotate.service",
                                                "man-db.service"};
  return unit.scope == "system" && has(kUnits, unit.id);
}

bool is_transient_mount(const Mount& mount) {
  // systemd mounts a service's credentials while it runs, and binfmt_misc when someone looks at it.
  if (mount.path.starts_with("/run/credentials/"))
    return mount.type == "ramfs" || mount.type == "tmpfs";
  return mount.path == "/proc/sys/fs/binfmt_misc" &&
         (mount.type == "binfmt_misc" || mount.type == "autofs");
}

}  // namespace skillaudit
