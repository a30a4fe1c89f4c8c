#include "harness/base/temp_dir.h"

#include <cerrno>
#include <cstdlib>

#include "harness/base/error.h"

namespace skillaudit {
namespace fs = std::filesystem;
namespace {

void unlock_folders(const fs::path& folder) noexcept {
  std::error_code error;
  fs::permissions(folder, fs::perms::owner_all, fs::perm_options::add | fs::perm_options::nofollow,
                  error);
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code ignored;
    if (entry->symlink_status(ignored).type() == fs::file_type::directory)
      unlock_folders(entry->path());
  }
}

}  // namespace

TempDir::TempDir(const fs::path& parent, std::string_view prefix) {
  fs::path base = parent;
  if (base.empty()) {
    const char* tmp = std::getenv("TMPDIR");
    base = tmp && *tmp ? tmp : "/tmp";
  }
  base = fs::absolute(base);  // a later chdir must not lose it
  std::string pattern = (base / (std::string(prefix) + "XXXXXX")).string();
  if (!::mkdtemp(pattern.data()))
    fail(ErrorKind::Environment, "cannot create a temporary folder in {}: {}", base.string(),
         errno_text(errno));
  path_ = pattern;
}

TempDir::TempDir(TempDir&& other) noexcept : path_(std::move(other.path_)) { other.path_.clear(); }

TempDir::~TempDir() {
  if (path_.empty()) return;
  std::error_code error;
  fs::remove_all(path_, error);
  if (!error) return;
  // A copied skill may hold folders that even their owner may not write to.
  unlock_folders(path_);
  fs::remove_all(path_, error);
}

}  // namespace skillaudit
