#pragma once

#include <filesystem>
#include <optional>

#include "harness/base/lock.h"
#include "harness/base/made_folder.h"
#include "harness/base/temp_dir.h"

namespace skillaudit {

/// The bundle while it grows: in a folder beside its final place, so that finishing it is a rename.
///
///     skillaudit-growing-XXXXXX/lock     held as long as its process lives
///     skillaudit-growing-XXXXXX/bundle/  what becomes the bundle
///     skillaudit-growing-XXXXXX/aside/   what may become part of it
///
/// Gone with all it holds when it is destroyed unfinished. One that a killed process left behind is
/// removed by the next that grows beside it.
class GrowingBundle {
 public:
  /// Throws Error{Usage} when `target` exists and is not an empty folder, or cannot be made.
  explicit GrowingBundle(const std::filesystem::path& target);

  /// Where to write.
  [[nodiscard]] std::filesystem::path path() const { return growing_->path() / "bundle"; }
  /// For what is not sure to become part of it; not made.
  [[nodiscard]] std::filesystem::path aside() const { return growing_->path() / "aside"; }
  /// Moves it to target(). Throws Error{Environment}.
  void finish();
  [[nodiscard]] const std::filesystem::path& target() const { return target_; }

 private:
  std::filesystem::path target_;
  std::optional<MadeFolder> folder_;
  std::optional<TempDir> growing_;
  std::optional<FileLock> lock_;
};

/// Removes the folders in `parent` in which a bundle of this user's grew whose process has died.
/// Anything else of that name stays: another user's, a link, one that holds other things.
void remove_dead_growth(const std::filesystem::path& parent);

}  // namespace skillaudit
