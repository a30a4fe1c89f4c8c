#include "harness/bundle/growing_bundle.h"

#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/error.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;

constexpr const char* kGrowing = "skillaudit-growing-";
constexpr const char* kLock = "lock";
constexpr const char* kBundle = "bundle";
constexpr const char* kAside = "aside";

bool is_ours(const fs::path& folder) {
  struct stat info {};
  if (!folder.filename().string().starts_with(kGrowing) || ::lstat(folder.c_str(), &info) != 0 ||
      !S_ISDIR(info.st_mode) || info.st_uid != ::geteuid())
    return false;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const fs::path name = entry->path().filename();
    if (name != kLock && name != kBundle && name != kAside) return false;
  }
  // Without its lock it is being made this moment.
  return !error && fs::symlink_status(folder / kLock, error).type() == fs::file_type::regular;
}

}  // namespace

GrowingBundle::GrowingBundle(const fs::path& target)
    : target_(fs::absolute(target).lexically_normal()) {
  std::error_code error;
  if (fs::exists(target_, error) &&
      (!fs::is_directory(target_, error) || !fs::is_empty(target_, error)))
    fail(ErrorKind::Usage, "{} already exists: give --out a new folder; nothing is overwritten",
         target_.string());
  folder_.emplace(target_.parent_path());
  remove_dead_growth(target_.parent_path());
  growing_.emplace(target_.parent_path(), kGrowing);
  // Locked before it bears the lock's name, so that nobody takes it for a dead one's.
  const fs::path unnamed = growing_->path() / "lock.new";
  lock_ = FileLock::try_acquire(unnamed);
  fs::rename(unnamed, growing_->path() / kLock, error);
  if (!error) fs::create_directory(path(), error);
  if (!error) fs::permissions(path(), fs::perms(0755), error);
  if (!lock_ || error)
    fail(ErrorKind::Environment, "cannot write in {}: {}", growing_->path().string(),
         error ? error.message() : "it is locked");
}

void GrowingBundle::finish() {
  std::error_code error;
  fs::remove(target_, error);  // an empty folder that the user made
  fs::rename(path(), target_, error);
  if (error)
    fail(ErrorKind::Environment, "cannot store the bundle in {}: {}", target_.string(),
         error.message());
  growing_.reset();
}

void remove_dead_growth(const fs::path& parent) {
  std::error_code error;
  for (fs::directory_iterator entry(parent, error), end; !error && entry != end;
       entry.increment(error)) {
    if (!is_ours(entry->path())) continue;
    try {
      std::error_code ignored;
      if (const auto lock = FileLock::try_acquire(entry->path() / kLock))
        fs::remove_all(entry->path(), ignored);
    } catch (const Error&) {
      // It was finished, and its lock is gone.
    }
  }
}

}  // namespace skillaudit
