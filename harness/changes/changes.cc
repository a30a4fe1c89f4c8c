#include "harness/changes/changes.h"

#include <algorithm>
#include <iterator>
#include <tuple>

#include "harness/changes/changes_diff.h"
#include "harness/changes/changes_files.h"
#include "harness/changes/changes_origin.h"
#include "harness/changes/changes_rows.h"
#include "harness/changes/noise.h"

namespace skillaudit {
namespace {

auto package_key(const Package& p) { return std::tie(p.manager, p.name, p.location); }

bool is_set_id(const FileEntry& file) {
  constexpr std::uint32_t kSetIds = 06000;
  return file.type == FileType::Regular && (file.mode & kSetIds) != 0;
}

/// Also where the bits were there and the owner is new: then it is another user's power.
bool is_new_set_id(const FileChange& change) {
  if (change.kind == ChangeKind::Deleted || !is_set_id(change.after)) return false;
  if (change.kind == ChangeKind::Added) return true;
  return (change.after.mode & ~change.before.mode & 06000U) != 0 || !is_set_id(change.before) ||
         change.before.uid != change.after.uid || change.before.gid != change.after.gid;
}

using Digests = std::vector<const FileDigest*>;

/// By path, as the changes are; they were asked for in that order.
Digests sorted_digests(const std::vector<FileDigest>& all) {
  Digests digests;
  digests.reserve(all.size());
  for (const FileDigest& digest : all) digests.push_back(&digest);
  const auto by_path = [](const FileDigest* a, const FileDigest* b) { return a->path < b->path; };
  if (!std::is_sorted(digests.begin(), digests.end(), by_path))
    std::stable_sort(digests.begin(), digests.end(), by_path);
  return digests;
}

/// Walks digests along with paths that come in order.
class DigestCursor {
 public:
  explicit DigestCursor(const std::vector<FileDigest>& all) : digests_(sorted_digests(all)) {}
  [[nodiscard]] const std::string* at(const std::string& path) {
    while (next_ < digests_.size() && digests_[next_]->path < path) ++next_;
    const bool known = next_ < digests_.size() && digests_[next_]->path == path;
    return known ? &digests_[next_]->sha256 : nullptr;
  }

 private:
  Digests digests_;
  std::size_t next_ = 0;
};

/// Adds the files whose content is another one although nothing else of them differs.
void add_silent_changes(const Evidence& evidence, std::vector<FileChange>& files) {
  DigestCursor before(evidence.digests_before);
  std::vector<FileChange> silent;
  for (const FileDigest* digest : sorted_digests(evidence.digests)) {
    const std::string* old = before.at(digest->path);
    if (old == nullptr || *old == digest->sha256 || find_change(files, digest->path) != nullptr)
      continue;
    const FileEntry* was = find_file(evidence.before.files, digest->path);
    const FileEntry* is = find_file(evidence.after.files, digest->path);
    if (was == nullptr || is == nullptr) continue;
    FileChange& change = silent.emplace_back();
    change.kind = ChangeKind::Modified;
    change.before = *was;
    change.after = *is;
  }
  if (silent.empty()) return;
  const auto middle = static_cast<std::ptrdiff_t>(files.size());
  std::move(silent.begin(), silent.end(), std::back_inserter(files));
  std::inplace_merge(files.begin(), files.begin() + middle, files.end(),
                     [](const FileChange& a, const FileChange& b) { return a.path() < b.path(); });
}

/// Whether only times differ: content and permissions are what they were.
bool is_restored(const FileChange& change) {
  return change.content == Content::Same && !change.metadata_changed();
}

std::vector<FileChange> files_of(const Evidence& evidence, const OriginJudge& origin,
                                 std::vector<std::string>& restored) {
  auto files = changed_files(evidence.before.files, evidence.after.files);
  add_silent_changes(evidence, files);
  DigestCursor before(evidence.digests_before);
  DigestCursor after(evidence.digests);
  for (auto& change : files) {
    const std::string* digest = after.at(change.path());
    if (digest != nullptr && change.kind != ChangeKind::Deleted) change.sha256 = *digest;
    const std::string* old = before.at(change.path());
    if (change.kind == ChangeKind::Modified && old != nullptr && digest != nullptr &&
        change.before.type == change.after.type)
      change.content = *old == *digest ? Content::Same : Content::Other;
    origin.judge(change);
  }
  for (const FileChange& change : files)
    if (is_restored(change)) restored.push_back(change.path());
  std::erase_if(files, is_restored);
  origin.settle(files);
  return files;
}

std::vector<RowChange<Mount>> changed_mounts(const Snapshot& before, const Snapshot& after) {
  auto mounts = compare_rows(before.mounts, after.mounts,
                             [](const Mount& m) { return std::tie(m.path, m.device, m.type); });
  std::erase_if(mounts, [](const RowChange<Mount>& change) {
    if (change.kind == ChangeKind::Modified) return false;
    return is_transient_mount(change.kind == ChangeKind::Deleted ? change.before : change.after);
  });
  return mounts;
}

/// "Flask", "flask" and "ruamel.yaml", "ruamel_yaml" are one name each (PEP 503).
std::string plain_name(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    const bool upper = c >= 'A' && c <= 'Z';
    plain += c == '-' || c == '.' ? '_' : upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return plain;
}

/// Whether a new Debian package brought the Python distribution: then the one row says it all.
bool came_with_dpkg(const Package& package, const Evidence& evidence) {
  if (package.manager != "pip") return false;
  const std::string folder = package.location + "/";
  const std::string wanted = plain_name(package.name) + "_";
  for (const auto& files : evidence.package_files) {
    if (files.manager != "dpkg") continue;
    for (const auto& path : files.paths) {
      if (!path.starts_with(folder)) continue;
      const std::string entry = path.substr(folder.size());
      const bool metadata = entry.ends_with(".dist-info") || entry.ends_with(".egg-info");
      if (metadata && plain_name(entry).starts_with(wanted)) return true;
    }
  }
  return false;
}

/// Empties what a table of the capture gives.
void leave_out(Snapshot& snapshot, Table table) {
  switch (table) {
    case Table::Attributes:
      return snapshot.attributes.clear();
    case Table::Config:
      return snapshot.config.clear();
    case Table::Cron:
      return snapshot.cron.clear();
    case Table::Files:
      return snapshot.files.clear();
    case Table::Groups:
      return snapshot.groups.clear();
    case Table::KernelModules:
      return snapshot.kernel_modules.clear();
    case Table::KernelSettings:
      return snapshot.kernel_settings.clear();
    case Table::Mounts:
      return snapshot.mounts.clear();
    case Table::Npm:
    case Table::Packages:
    case Table::Pip:
      return snapshot.packages.clear();
    case Table::Processes:
      return snapshot.processes.clear();
    case Table::Sockets:
      return snapshot.sockets.clear();
    case Table::Units:
    case Table::UnitFiles:
      return snapshot.units.clear();
    case Table::Users:
      return snapshot.users.clear();
  }
}

/// Without what one of the snapshots lacks: a guest that died before the second capture has not
/// removed all its files.
Evidence comparable(Evidence evidence) {
  for (const Snapshot* snapshot : {&evidence.before, &evidence.after})
    for (const Table table : snapshot->missing) {
      leave_out(evidence.before, table);
      leave_out(evidence.after, table);
    }
  evidence.before.missing.clear();
  evidence.after.missing.clear();
  return evidence;
}

}  // namespace

std::vector<RowChange<Package>> changed_packages(const Snapshot& before, const Snapshot& after) {
  return compare_rows(before.packages, after.packages, package_key);
}

std::vector<Package> new_packages(const Snapshot& before, const Snapshot& after) {
  std::vector<Package> packages;
  for (auto& change : changed_packages(before, after)) {
    if (change.kind != ChangeKind::Deleted) packages.push_back(std::move(change.after));
  }
  return packages;
}

Changes compare(const Evidence& evidence) {
  if (!evidence.before.missing.empty() || !evidence.after.missing.empty())
    return compare(comparable(evidence));
  const Snapshot& before = evidence.before;
  const Snapshot& after = evidence.after;
  Changes changes;
  changes.packages = changed_packages(before, after);
  const OriginJudge origin(evidence, changes.packages);
  changes.files = files_of(evidence, origin, changes.restored);
  changes.accounts_by_packages = origin.is_by_packages_alone("/etc/passwd");
  std::erase_if(changes.packages, [&](const RowChange<Package>& change) {
    return change.kind != ChangeKind::Deleted && came_with_dpkg(change.after, evidence);
  });
  changes.processes = changed_processes(before, after);
  changes.sockets = changed_sockets(before, after);
  changes.units = changed_units(before, after);
  changes.cron = compare_rows(before.cron, after.cron, [](const CronEntry& entry) {
    return std::tie(entry.source, entry.user, entry.line);
  });
  changes.users = compare_rows(before.users, after.users,
                               [](const User& user) { return std::tie(user.username); });
  changes.groups = compare_rows(before.groups, after.groups,
                                [](const Group& group) { return std::tie(group.groupname); });
  changes.kernel_modules =
      compare_rows(before.kernel_modules, after.kernel_modules,
                   [](const std::string& name) -> const std::string& { return name; });
  changes.mounts = changed_mounts(before, after);
  changes.config = changed_config(before.config, after.config);
  for (const auto& change : changes.files) {
    if (is_new_set_id(change)) changes.new_setuid.push_back(change.after);
  }
  return changes;
}

}  // namespace skillaudit
