#pragma once

#include <filesystem>
#include <vector>

namespace skillaudit {

/// A folder with those above it; what had to be made for it goes again if it is empty at the end.
/// Neither copied nor moved.
class MadeFolder {
 public:
  /// Throws Error{Usage}: the folder is one that the user named with --out.
  explicit MadeFolder(const std::filesystem::path& folder);
  ~MadeFolder();
  MadeFolder(const MadeFolder&) = delete;
  MadeFolder& operator=(const MadeFolder&) = delete;

 private:
  void remove_empty() const;
  std::vector<std::filesystem::path> made_;  ///< the innermost first
};

}  // namespace skillaudit
