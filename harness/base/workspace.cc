#include "harness/base/workspace.h"

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;

/// Folders whose owner died: nobody holds their lock.
void sweep(const fs::path& runs) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(runs, error)) {
    if (!entry.is_directory()) continue;
    if (!fs::exists(entry.path() / "lock")) continue;  // being removed this moment
    try {
      if (const auto lock = FileLock::try_acquire(entry.path() / "lock"))
        fs::remove_all(entry.path(), error);
    } catch (const Error&) {
      // Its owner has removed it meanwhile.
    }
  }
}

}  // namespace

Workspace::Workspace(const fs::path& cache) {
  const fs::path runs = cache / "runs";
  std::error_code error;
  fs::create_directories(runs, error);
  if (error) fail(ErrorKind::Environment, "cannot create {}: {}", runs.string(), error.message());
  // Between its making and its locking a folder looks like a dead one's: no sweep then.
  const FileLock making = FileLock::acquire(cache / "runs.lock");
  sweep(runs);
  path_ = runs / random_hex(8);
  fs::create_directory(path_, error);
  if (error) fail(ErrorKind::Environment, "cannot create {}: {}", path_.string(), error.message());
  fs::permissions(path_, fs::perms::owner_all);
  lock_ = FileLock::try_acquire(path_ / "lock");
  if (!lock_) fail(ErrorKind::Environment, "cannot lock the work folder {}", path_.string());
}

Workspace::Workspace(Workspace&& other) noexcept
    : path_(std::move(other.path_)), lock_(std::move(other.lock_)) {
  other.path_.clear();
}

Workspace::~Workspace() {
  if (path_.empty()) return;
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace skillaudit
