#include "harness/base/made_folder.h"

#include "harness/base/error.h"

namespace skillaudit {
namespace fs = std::filesystem;

MadeFolder::MadeFolder(const fs::path& folder) {
  std::error_code error;
  for (fs::path each = folder; !fs::exists(each, error) && each.has_relative_path();
       each = each.parent_path())
    made_.push_back(each);
  fs::create_directories(folder, error);
  if (!error) return;
  remove_empty();
  fail(ErrorKind::Usage, "cannot create {}: {}: choose another folder with --out", folder.string(),
       error.message());
}

MadeFolder::~MadeFolder() { remove_empty(); }

void MadeFolder::remove_empty() const {
  std::error_code not_empty;
  for (const fs::path& each : made_) fs::remove(each, not_empty);
}

}  // namespace skillaudit
