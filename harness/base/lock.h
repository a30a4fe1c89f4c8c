#pragma once

#include <filesystem>
#include <functional>
#include <optional>

#include "harness/base/fd.h"

namespace skillaudit {

/// An advisory lock on a file (flock(2)), held until destroyed; the kernel drops it when the
/// process dies, so a crash never leaves one behind. The file itself stays; its holder may remove
/// it, and waiters then lock the file that replaces it. Move-only.
class FileLock {
 public:
  /// Holds nothing.
  FileLock() = default;
  /// Waits for the lock; calls `on_wait` once if another process holds it. Ctrl-C ends the wait.
  static FileLock acquire(const std::filesystem::path& file, bool shared = false,
                          const std::function<void()>& on_wait = {});
  /// None if another process holds it.
  static std::optional<FileLock> try_acquire(const std::filesystem::path& file);

 private:
  explicit FileLock(Fd fd) : fd_(std::move(fd)) {}
  Fd fd_;
};

}  // namespace skillaudit
