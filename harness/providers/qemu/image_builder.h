#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/providers/qemu/image.h"

namespace skillaudit {

struct OsRelease {
  std::string name;   ///< "debian-12"
  std::string suite;  ///< "bookworm"
};

/// The operating systems that the builder knows. find_os() throws Error{Usage} with the nearest
/// one.
[[nodiscard]] const std::vector<OsRelease>& known_os();
[[nodiscard]] const OsRelease& find_os(const std::string& name);

struct ImageRecipe {
  OsRelease os;
  /// deb822 text of the host's distribution entries; its suites are replaced by those of `os`.
  std::string apt_sources;
  std::string host_codename;
  /// Install npm from this registry (the host's own npm fetches it); empty: none.
  std::string npm_registry;
};

/// Digest of everything that decides what is built.
[[nodiscard]] std::string recipe_digest(const ImageRecipe& recipe);

/// Builds with mmdebstrap (as root, or in a user namespace), an ext4 file system without a journal,
/// and stores it. Takes about 1.5 minutes and 3 GiB of disk. `progress` gets one line per step.
/// Throws Error{Environment}: a missing program, no space, mmdebstrap's own last lines.
Image build_image(ImageStore& store, const ImageRecipe& recipe,
                  const std::function<void(const std::string&)>& progress);

/// Takes any cloud image (qcow2 or raw) that has cloud-init; it is booted by its own firmware path.
Image import_image(ImageStore& store, const std::filesystem::path& file, const std::string& name,
                   const std::function<void(const std::string&)>& progress);

}  // namespace skillaudit
