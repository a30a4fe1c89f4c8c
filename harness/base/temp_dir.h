#pragma once

#include <filesystem>
#include <string_view>

namespace skillaudit {

/// A private folder (mode 0700) that is removed with all it holds. Move-only.
class TempDir {
 public:
  /// Under `parent`, or $TMPDIR, or /tmp; its name is `prefix` and six characters at random. Throws
  /// Error{Environment}.
  explicit TempDir(const std::filesystem::path& parent = {},
                   std::string_view prefix = "skillaudit-");
  ~TempDir();
  TempDir(TempDir&& other) noexcept;
  TempDir& operator=(TempDir&&) = delete;
  TempDir(const TempDir&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace skillaudit
