#include "harness/base/lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>

#include "harness/base/error.h"
#include "harness/base/interrupt.h"

namespace skillaudit {
namespace {

Fd open_lock_file(const std::filesystem::path& file) {
  Fd fd(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!fd)
    fail(ErrorKind::Environment, "cannot open the lock {}: {}", file.string(), errno_text(errno));
  return fd;
}

/// Whether the file was removed while its lock was waited for: whoever comes next locks another
/// one.
bool is_removed(const Fd& fd) {
  struct stat info {};
  return ::fstat(fd.get(), &info) == 0 && info.st_nlink == 0;
}

}  // namespace

FileLock FileLock::acquire(const std::filesystem::path& file, bool shared,
                           const std::function<void()>& on_wait) {
  bool told = false;
  for (;;) {
    Fd fd = open_lock_file(file);
    while (::flock(fd.get(), (shared ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK && errno != EINTR)
        fail(ErrorKind::Environment, "cannot lock {}: {}", file.string(), errno_text(errno));
      if (!told && on_wait) on_wait();
      told = true;
      interruptible_sleep(std::chrono::milliseconds(100));
    }
    if (!is_removed(fd)) return FileLock(std::move(fd));
  }
}

std::optional<FileLock> FileLock::try_acquire(const std::filesystem::path& file) {
  for (;;) {
    Fd fd = open_lock_file(file);
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) return std::nullopt;
    if (!is_removed(fd)) return FileLock(std::move(fd));
  }
}

}  // namespace skillaudit
