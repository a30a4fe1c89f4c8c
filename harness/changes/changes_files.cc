#include "harness/changes/changes_files.h"

#include <algorithm>
#include <utility>

#include "harness/changes/noise.h"

namespace skillaudit {
namespace {

bool same_permissions(const FileEntry& a, const FileEntry& b) {
  return a.mode == b.mode && a.uid == b.uid && a.gid == b.gid;
}

/// A directory's times and size follow from what came and went in it, which has entries of its own;
/// a link made again with the same target is the same link. The ctime of a regular file counts: it
/// is what remains when an edit keeps the size and sets the mtime back.
bool differs(const FileEntry& a, const FileEntry& b) {
  if (a.type != b.type || !same_permissions(a, b)) return true;
  if (a.type == FileType::Symlink) return a.link_target != b.link_target;
  if (a.type != FileType::Regular) return false;
  return a.size != b.size || a.mtime_ns != b.mtime_ns || a.ctime_ns != b.ctime_ns;
}

/// Calls `visit` with each pair that differs; null where one side has no such path.
template <typename Visit>
void merge(const std::vector<FileEntry>& before, const std::vector<FileEntry>& after,
           const Visit& visit) {
  auto b = before.begin();
  auto a = after.begin();
  while (b != before.end() || a != after.end()) {
    const int order = b == before.end() ? 1 : a == after.end() ? -1 : b->path.compare(a->path);
    if (order < 0) {
      visit(&*b++, nullptr);
    } else if (order > 0) {
      visit(nullptr, &*a++);
    } else {
      if (differs(*b, *a)) visit(&*b, &*a);
      ++b;
      ++a;
    }
  }
}

FileChange change_of(const FileEntry* before, const FileEntry* after) {
  FileChange change;
  change.kind = !before ? ChangeKind::Added : !after ? ChangeKind::Deleted : ChangeKind::Modified;
  if (before) change.before = *before;
  if (after) change.after = *after;
  return change;
}

}  // namespace

const FileChange* find_change(const std::vector<FileChange>& files, std::string_view path) {
  const auto at = std::lower_bound(
      files.begin(), files.end(), path,
      [](const FileChange& change, std::string_view wanted) { return change.path() < wanted; });
  return at != files.end() && at->path() == path ? &*at : nullptr;
}

bool FileChange::content_changed() const {
  if (kind != ChangeKind::Modified) return true;
  if (content != Content::Unknown) return content == Content::Other;
  return before.size != after.size || before.mtime_ns != after.mtime_ns ||
         before.type != after.type || before.link_target != after.link_target;
}

bool FileChange::metadata_changed() const {
  return kind == ChangeKind::Modified && !same_permissions(before, after);
}

std::vector<FileChange> changed_files(const std::vector<FileEntry>& before,
                                      const std::vector<FileEntry>& after) {
  // Pairs first: what grows to a million changes would be moved many times and held twice.
  std::vector<std::pair<const FileEntry*, const FileEntry*>> pairs;
  merge(before, after, [&](const FileEntry* b, const FileEntry* a) { pairs.emplace_back(b, a); });
  std::vector<FileChange> changes;
  changes.reserve(pairs.size());
  for (const auto& [b, a] : pairs) changes.push_back(change_of(b, a));
  return changes;
}

std::vector<std::string> paths_to_hash(const Snapshot& before, const Snapshot& after) {
  std::vector<std::string> paths;
  merge(before.files, after.files, [&](const FileEntry* b, const FileEntry* a) {
    if (!a || a->type != FileType::Regular) return;
    // Whatever differs, the content may: an edit whose mtime was set back leaves the ctime alone,
    // and a changed mode explains that.
    if (!is_system_noise(change_of(b, a))) paths.push_back(a->path);
  });
  return paths;
}

std::vector<std::string> changed_paths(const Snapshot& before, const Snapshot& after) {
  std::vector<std::string> paths;
  merge(before.files, after.files,
        [&](const FileEntry* b, const FileEntry* a) { paths.push_back(a ? a->path : b->path); });
  return paths;
}

}  // namespace skillaudit
