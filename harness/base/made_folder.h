#pragma once

#include <filesystem>
#include <vector>

namespace skillaudit {

/// Creates a folder and its parents; removes those it created if they are empty at the end.
/// Neither copied nor moved.
class MadeFolder {
 public:
  /// Throws Error{Usage}: the user named the folder with --out.
  explicit MadeFolder(const std::filesystem::path& folder);
  ~MadeFolder();
  MadeFolder(const MadeFolder&) = delete;
  MadeFolder& operator=(const MadeFolder&) = delete;

 private:
  void remove_empty() const;
  std::vector<std::filesystem::path> made_;  ///< the innermost first
};

}  // namespace skillaudit
