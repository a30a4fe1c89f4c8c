#include "harness/analysis/file_groups.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "harness/analysis/locations.h"

namespace skillaudit {
namespace {

/// "/tmp/skill-temp-" and ".log" of "/tmp/skill-temp-a8.log"; the first is empty where the name has
/// no part to vary.
std::pair<std::string, std::string> fixed_parts(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  std::size_t stem_end = path.size();
  const std::size_t dot = path.rfind('.');
  if (dot != std::string::npos && dot > slash + 1 && path.size() - dot <= 6) stem_end = dot;
  const std::size_t mark = path.find_last_of("-_.", stem_end - 1);
  if (mark != std::string::npos && mark >= slash + 3) {
    return {path.substr(0, mark + 1), path.substr(stem_end)};
  }
  const std::size_t digits = path.find_last_not_of("0123456789", stem_end - 1) + 1;
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

}  // namespace

std::vector<FileGroup> group_files(const std::vector<const FileChange*>& files,
                                   const std::vector<std::string>& new_folders) {
  const std::unordered_set<std::string_view> is_new(new_folders.begin(), new_folders.end());
  struct Draft {
    FileGroup group;
    std::string common;  ///< the folder that all files of the group share
    std::string only;    ///< the path, while there is one
  };
  std::unordered_map<std::string, Draft> drafts;
  for (const FileChange* change : files) {
    const std::string& path = change->path();
    std::string_view top;
    for (std::string_view folder = parent_of(path); folder.size() > 1; folder = parent_of(folder)) {
      if (is_new.contains(folder)) top = folder;
    }
    std::string key;
    if (!top.empty()) {
      key = std::string(top) + "/";
    } else if (const auto [head, tail] = fixed_parts(path); !head.empty()) {
      key = head + "*" + tail;
    } else {
      key = path;
    }
    Draft& draft = drafts[key];
    const FileEntry& entry = change->kind == ChangeKind::Deleted ? change->before : change->after;
    if (draft.group.files == 0) {
      draft.only = path;
      draft.common = parent_of(path);
    } else if (!top.empty()) {
      draft.common = common_folder(draft.common, parent_of(path));
    }
    draft.group.label = top.empty() ? key : draft.common + "/";
    draft.group.files += 1;
    draft.group.bytes += entry.type == FileType::Regular ? entry.size : 0;
  }
  std::vector<FileGroup> groups;
  groups.reserve(drafts.size());
  for (auto& [key, draft] : drafts) {
    if (draft.group.files == 1) draft.group.label = draft.only;
    groups.push_back(std::move(draft.group));
  }
  std::sort(groups.begin(), groups.end(),
            [](const FileGroup& a, const FileGroup& b) { return a.label < b.label; });
  return groups;
}

std::vector<std::string> added_folders(const Changes& changes) {
  std::vector<std::string> folders;
  for (const FileChange& change : changes.files) {
    if (change.kind == ChangeKind::Added && change.after.type == FileType::Directory) {
      folders.push_back(change.after.path);
    }
  }
  return folders;
}

}  // namespace skillaudit
