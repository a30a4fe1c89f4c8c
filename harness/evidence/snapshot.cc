#include "harness/evidence/snapshot.h"

#include <algorithm>

namespace skillaudit {

const FileEntry* find_file(const std::vector<FileEntry>& files, std::string_view path) {
  const auto at = std::lower_bound(
      files.begin(), files.end(), path,
      [](const FileEntry& file, std::string_view wanted) { return file.path < wanted; });
  return at != files.end() && at->path == path ? &*at : nullptr;
}

}  // namespace skillaudit
