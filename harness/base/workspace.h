#pragma once

#include <filesystem>

#include "harness/base/lock.h"

namespace skillaudit {

/// The folder for one VM's files: overlay, seed, sockets. Under `runs/` of the cache, since an
/// overlay can grow to gigabytes. Removed when destroyed; one that a
/// killed process left behind is removed by the next audit (its lock is free then). Move-only.
class Workspace {
 public:
  explicit Workspace(const std::filesystem::path& cache);
  ~Workspace();
  Workspace(Workspace&& other) noexcept;
  Workspace& operator=(Workspace&&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
  std::optional<FileLock> lock_;
};

}  // namespace skillaudit
