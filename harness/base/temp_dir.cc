#include "harness/base/temp_dir.h"

#include <cerrno>
#include <cstdlib>

#include "harness/base/error.h"

namespace skillaudit {
namespace fs = std::filesystem;

TempDir::TempDir(const fs::path& parent) {
  fs::path base = parent;
  if (base.empty()) {
    const char* tmp = std::getenv("TMPDIR");
    base = tmp && *tmp ? tmp : "/tmp";
  }
  std::string pattern = (base / "skillaudit-XXXXXX").string();
  if (!::mkdtemp(pattern.data()))
    fail(ErrorKind::Environment, "cannot create a temporary folder in {}: {}", base.string(), errno_text(errno));
  path_ = pattern;
}

TempDir::TempDir(TempDir&& other) noexcept : path_(std::move(other.path_)) { other.path_.clear(); }

TempDir::~TempDir() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

}  // namespace skillaudit
