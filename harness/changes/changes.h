#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/evidence/evidence.h"

namespace skillaudit {

/// The difference between the two snapshots, each change told apart by who caused it. Pure: a
/// function of the evidence alone.

enum class ChangeKind { Added, Modified, Deleted };

/// Who is behind a change of a file. Only `Skill` counts against the skill; the others are shown as
/// numbers, and each is narrow, since a hostile skill would hide in a wide one.
enum class Origin {
  Skill,           ///< nothing else explains it
  Package,         ///< a file that a newly installed package owns
  PackageManager,  ///< the state of dpkg/apt/pip/npm themselves, where packages changed
  System,          ///< known noise of a running system, or seen in the control run too
  SkillFolder,     ///< inside the folder in which the audit installed the skill, as installed
  Agent,           ///< what the agent that drove the skill does without one too
};

/// What the digests of before and after say of a file that is there in both.
enum class Content { Unknown, Same, Other };

struct FileChange {
  ChangeKind kind = ChangeKind::Added;
  Origin origin = Origin::Skill;
  std::string package;  ///< with Origin::Package
  FileEntry before;     ///< valid for Modified, Deleted
  FileEntry after;      ///< valid for Added, Modified
  std::string sha256;   ///< of the content after, where known
  Content content = Content::Unknown;
  /// A folder that holds something that changed, at depth one: it is judged by that. Set by
  /// assess_changes().
  bool holds_changes = false;
  [[nodiscard]] const std::string& path() const {
    return kind == ChangeKind::Deleted ? before.path : after.path;
  }
  /// By the digests; where they are not known, size, mtime, type or link target differ.
  [[nodiscard]] bool content_changed() const;
  [[nodiscard]] bool metadata_changed() const;  ///< mode, uid or gid differ
};

/// `before` and `after` are set as the kind says.
template <typename Row>
struct RowChange {
  ChangeKind kind = ChangeKind::Added;
  Row before;
  Row after;
};

/// A changed configuration file as a unified hunk (dtl).
struct ConfigDiff {
  std::string path;
  ChangeKind kind = ChangeKind::Modified;
  std::string unified;  ///< "@@ -1,3 +1,4 @@\n …", printable_block() text
};

struct Changes {
  std::vector<FileChange> files;  ///< sorted by path
  /// Files that were written to and are as they were, but for their times: no changes. Sorted.
  std::vector<std::string> restored;
  std::vector<RowChange<Package>> packages;
  std::vector<RowChange<ProcessEntry>> processes;  ///< Added: alive after, not before
  std::vector<RowChange<SocketEntry>> sockets;
  std::vector<RowChange<Unit>> units;
  std::vector<RowChange<CronEntry>> cron;
  std::vector<RowChange<User>> users;
  std::vector<RowChange<Group>> groups;
  /// Maintainer scripts of the distribution's packages alone wrote to the list of accounts.
  bool accounts_by_packages = false;
  std::vector<RowChange<std::string>> kernel_modules;
  std::vector<RowChange<Mount>> mounts;
  std::vector<ConfigDiff> config;
  /// Files that are setuid or setgid after and were not before (or are new).
  std::vector<FileEntry> new_setuid;
};

/// The change of `path` in a list that is sorted by path, or null.
[[nodiscard]] const FileChange* find_change(const std::vector<FileChange>& files,
                                            std::string_view path);

[[nodiscard]] Changes compare(const Evidence& evidence);

/// Paths of regular files that were added or may have another content, in any origin but System:
/// what the audit hashes. A sorted merge, linear in the number of files.
[[nodiscard]] std::vector<std::string> paths_to_hash(const Snapshot& before, const Snapshot& after);

/// Packages that `after` has and `before` has not (or has in another version).
[[nodiscard]] std::vector<Package> new_packages(const Snapshot& before, const Snapshot& after);

/// Every path that differs: what a control run yields.
[[nodiscard]] std::vector<std::string> changed_paths(const Snapshot& before, const Snapshot& after);

}  // namespace skillaudit
