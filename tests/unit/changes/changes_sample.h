#pragma once

#include <string>

#include "harness/changes/changes.h"

namespace skillaudit::sample {

/// Short ways to write the rows of a snapshot.

inline FileEntry file(std::string path, std::uint64_t size = 10, std::uint32_t mode = 0644) {
  FileEntry entry;
  entry.path = std::move(path);
  entry.type = FileType::Regular;
  entry.size = size;
  entry.mode = mode;
  entry.mtime_ns = 1;
  entry.ctime_ns = 1;
  return entry;
}

inline FileEntry folder(std::string path, std::uint32_t mode = 0755) {
  FileEntry entry = file(std::move(path), 4096, mode);
  entry.type = FileType::Directory;
  return entry;
}

inline FileEntry link(std::string path, std::string target) {
  FileEntry entry = file(std::move(path), target.size(), 0777);
  entry.type = FileType::Symlink;
  entry.link_target = std::move(target);
  return entry;
}

inline ProcessEntry process(std::int64_t pid, std::int64_t parent, std::string path,
                            std::uint64_t start_time = 100) {
  ProcessEntry entry;
  entry.pid = pid;
  entry.parent = parent;
  entry.start_time = start_time;
  entry.path = std::move(path);
  return entry;
}

inline Package dpkg(std::string name, std::string version = "1.0") {
  return {"dpkg", std::move(name), std::move(version), ""};
}

/// The change of `path`, or nullptr.
inline const FileChange* change_of(const Changes& changes, const std::string& path) {
  for (const auto& change : changes.files) {
    if (change.path() == path) return &change;
  }
  return nullptr;
}

}  // namespace skillaudit::sample
