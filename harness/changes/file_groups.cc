#include "harness/changes/file_groups.h"

#include <algorithm>
#include <functional>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "harness/changes/locations.h"

namespace skillaudit {
namespace {

/// What the paths of a group begin and end with. Views: a million of them cost no memory.
struct Shared {
  std::string_view head;
  std::string_view tail;
  bool operator==(const Shared&) const = default;
};

struct HashOfShared {
  std::size_t operator()(const Shared& shared) const {
    const std::hash<std::string_view> hash;
    return hash(shared.head) * 31 + hash(shared.tail);
  }
};

/// "/tmp/skill-temp-" and ".log" of "/tmp/skill-temp-a8.log"; the first is empty where the name has
/// no part to vary.
Shared fixed_parts(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  std::size_t stem_end = path.size();
  const std::size_t dot = path.rfind('.');
  if (dot != std::string_view::npos && dot > slash + 1 && path.size() - dot <= 6) stem_end = dot;
  for (std::size_t end = stem_end; end > slash + 3; --end) {
    const char mark = path[end - 1];
    if (mark == '-' || mark == '_' || mark == '.') {
      return {path.substr(0, end), path.substr(stem_end)};
    }
  }
  std::size_t digits = stem_end;
  while (digits > slash + 1 && path[digits - 1] >= '0' && path[digits - 1] <= '9') --digits;
  if (digits == stem_end || digits <= slash + 1) return {};
  return {path.substr(0, digits), path.substr(stem_end)};
}

std::string_view common_folder(std::string_view a, std::string_view b) {
  while (a != b && !is_below(b, a)) {
    if (a == "/") return a;
    a = parent_of(a);
  }
  return a;
}

/// The outermost new folder that `folder` is or lies in, or empty.
std::string_view outermost_new(std::string_view folder, const NewFolders& folders) {
  std::string_view top;
  for (; folder.size() > 1; folder = parent_of(folder)) {
    if (folders.contains(folder)) top = folder;
  }
  return top;
}

/// The groups with the smallest labels, and how many there are.
class Smallest {
 public:
  explicit Smallest(std::size_t most) : most_(most) {}

  void add(std::string_view label, std::size_t files, std::uint64_t bytes) {
    ++groups_.count;
    std::vector<FileGroup>& heap = groups_.first;
    if (heap.size() == most_) {
      if (most_ == 0 || label >= heap.front().label) return;
      std::pop_heap(heap.begin(), heap.end(), by_label);
      heap.pop_back();
    }
    heap.push_back({std::string(label), files, bytes});
    std::push_heap(heap.begin(), heap.end(), by_label);
  }
  [[nodiscard]] FileGroups sorted() && {
    std::sort_heap(groups_.first.begin(), groups_.first.end(), by_label);
    return std::move(groups_);
  }

 private:
  static bool by_label(const FileGroup& a, const FileGroup& b) { return a.label < b.label; }
  std::size_t most_;
  FileGroups groups_;
};

std::uint64_t bytes_of(const FileChange& change) {
  const FileEntry& entry = change.kind == ChangeKind::Deleted ? change.before : change.after;
  return entry.type == FileType::Regular ? entry.size : 0;
}

struct Members {
  std::string_view only;  ///< the path, while there is one
  std::size_t files = 0;
  std::uint64_t bytes = 0;
  void add(const FileChange& change) {
    only = change.path();
    files += 1;
    bytes += bytes_of(change);
  }
};

/// A folder whose files are being read. All that is in it stands together in the order of paths,
/// though what lies deeper may stand between its own files.
struct OpenFolder {
  std::string_view path;
  bool is_new = false;
  Members all;              ///< of a new folder: whatever is in it, at any depth
  std::string_view common;  ///< the folder that these share
  std::unordered_map<Shared, Members, HashOfShared> groups;  ///< of an old one: of its own files
};

/// Keeps the folders that lead to the current path, and hands on the groups of those that it left.
class Grouping {
 public:
  Grouping(const NewFolders& folders, std::size_t most) : folders_(folders), smallest_(most) {}

  void add(const FileChange& change) {
    const std::string_view path = change.path();
    while (!open_.empty() && !is_below(path, open_.back().path)) close();
    const std::string_view parent = parent_of(path);
    if (open_.empty() || (!open_.back().is_new && open_.back().path != parent)) open(parent);
    OpenFolder& folder = open_.back();
    if (folder.is_new) {
      folder.common = folder.all.files == 0 ? parent : common_folder(folder.common, parent);
      folder.all.add(change);
    } else if (const Shared shared = fixed_parts(path); shared.head.empty()) {
      smallest_.add(path, 1, bytes_of(change));
    } else {
      folder.groups[shared].add(change);
    }
  }

  [[nodiscard]] FileGroups finish() && {
    while (!open_.empty()) close();
    return std::move(smallest_).sorted();
  }

 private:
  void open(std::string_view parent) {
    const std::string_view top = outermost_new(parent, folders_);
    OpenFolder& folder = open_.emplace_back();
    folder.path = top.empty() ? parent : top;
    folder.is_new = !top.empty();
  }

  void close() {
    const OpenFolder& folder = open_.back();
    if (folder.is_new) hand_on(folder.all, {folder.common, "/"}, "");
    for (const auto& [shared, members] : folder.groups) hand_on(members, shared, "*");
    open_.pop_back();
  }

  void hand_on(const Members& members, const Shared& shared, std::string_view between) {
    if (members.files == 1) return smallest_.add(members.only, 1, members.bytes);
    label_.assign(shared.head).append(between).append(shared.tail);
    smallest_.add(label_, members.files, members.bytes);
  }

  const NewFolders& folders_;
  Smallest smallest_;
  std::vector<OpenFolder> open_;
  std::string label_;
};

}  // namespace

FileGroups group_files(const std::vector<const FileChange*>& files, const NewFolders& folders,
                       std::size_t most) {
  Grouping grouping(folders, most);
  for (const FileChange* change : files) grouping.add(*change);
  return std::move(grouping).finish();
}

NewFolders new_folders(const std::vector<FileChange>& files) {
  NewFolders folders;
  for (const FileChange& change : files) {
    if (change.kind == ChangeKind::Added && change.after.type == FileType::Directory)
      folders.insert(change.path());
  }
  return folders;
}

void mark_folders(std::vector<FileChange>& files) {
  // Changed folders whose path the current one begins with. As text: "/a-b" comes between "/a" and
  // "/a/b".
  std::vector<FileChange*> open;
  for (FileChange& change : files) {
    const std::string& path = change.path();
    while (!open.empty() && !path.starts_with(open.back()->path())) open.pop_back();
    const std::string_view parent = parent_of(path);
    for (auto folder = open.rbegin(); folder != open.rend(); ++folder) {
      const std::size_t length = (*folder)->path().size();
      if (length == parent.size()) (*folder)->holds_changes = true;
      if (length <= parent.size()) break;
    }
    const FileEntry& entry = change.kind == ChangeKind::Deleted ? change.before : change.after;
    if (entry.type == FileType::Directory) open.push_back(&change);
  }
}

}  // namespace skillaudit
