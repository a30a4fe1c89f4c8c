#include "harness/analysis/file_groups.h"

#include <algorithm>
#include <functional>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "harness/analysis/locations.h"

namespace skillaudit {
namespace {

/// What files of a group share: a new folder and nothing, or the beginning and the end of the path.
/// Views into the paths: a million of them cost no memory.
struct Shared {
  std::string_view head;
  std::string_view tail;
  bool is_folder = false;
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
std::string_view outermost_new(std::string_view folder, const ChangedFolders& folders) {
  std::string_view top;
  for (; folder.size() > 1; folder = parent_of(folder)) {
    if (folders.added.contains(folder)) top = folder;
  }
  return top;
}

struct Members {
  std::string_view common;  ///< the folder that all files of the group share
  std::string_view only;    ///< the path, while there is one
  std::size_t files = 0;
  std::uint64_t bytes = 0;
};

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

}  // namespace

FileGroups group_files(const std::vector<const FileChange*>& files, const ChangedFolders& folders,
                       std::size_t most) {
  Smallest smallest(most);
  std::unordered_map<Shared, Members, HashOfShared> groups;
  groups.reserve(files.size() / 8);
  // Neighbours mostly lie in one folder and in one group.
  std::string_view folder;
  std::string_view top;
  Shared last;
  Members* group = nullptr;
  for (const FileChange* change : files) {
    const std::string_view path = change->path();
    if (const std::string_view parent = parent_of(path); parent != folder) {
      folder = parent;
      top = outermost_new(folder, folders);
    }
    const Shared shared = top.empty() ? fixed_parts(path) : Shared{top, {}, true};
    if (shared.head.empty()) {
      smallest.add(path, 1, bytes_of(*change));
      continue;
    }
    if (!group || !(shared == last)) group = &groups[shared];
    last = shared;
    if (group->files == 0) {
      group->only = path;
      group->common = folder;
    } else if (shared.is_folder) {
      group->common = common_folder(group->common, folder);
    }
    group->files += 1;
    group->bytes += bytes_of(*change);
  }
  std::string label;
  for (const auto& [shared, each] : groups) {
    if (each.files == 1) {
      label = each.only;
    } else if (shared.is_folder) {
      label.assign(each.common).append("/");
    } else {
      label.assign(shared.head).append("*").append(shared.tail);
    }
    smallest.add(label, each.files, each.bytes);
  }
  return std::move(smallest).sorted();
}

ChangedFolders::ChangedFolders(const std::vector<FileChange>& files) {
  std::string_view last;
  for (const FileChange& change : files) {
    const std::string_view parent = parent_of(change.path());
    if (parent != last) holding.insert(parent);
    last = parent;
    if (change.kind == ChangeKind::Added && change.after.type == FileType::Directory)
      added.insert(change.path());
  }
}

}  // namespace skillaudit
