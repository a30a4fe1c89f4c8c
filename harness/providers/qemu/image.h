#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace skillaudit {

/// A base disk that guests start from; never written to. Lives in the cache as
/// `images/ID/{disk.qcow2,vmlinuz,initrd,image.json}`, where ID is the start of the disk's SHA-256;
/// `images/NAME.json` says which ID a name means now.
struct Image {
  std::string name;    ///< "debian-12", or the name given to an import
  std::string id;      ///< 16 hexadecimal digits of the disk's SHA-256
  std::string recipe;  ///< digest of what it was built from; empty for imports
  std::filesystem::path disk;
  std::filesystem::path kernel;  ///< empty: firmware boot
  std::filesystem::path initrd;
  std::uint64_t disk_bytes = 0;
  std::string created;  ///< RFC 3339, UTC
};

class ImageStore {
 public:
  explicit ImageStore(std::filesystem::path cache);

  /// None when there is no image of that name. Throws Error{Environment} when there is one and its
  /// files are missing, truncated or changed ("image rm NAME" and build again fixes
  /// it).
  [[nodiscard]] std::optional<Image> find(const std::string& name) const;
  [[nodiscard]] std::vector<Image> list() const;
  /// Moves `staging` (a folder on the file system of cache() with disk.qcow2 and perhaps vmlinuz,
  /// initrd) into the store under its content hash and lets `name` mean it.
  Image add(const std::string& name, const std::string& recipe,
            const std::filesystem::path& staging);
  /// Forgets the name, and deletes the disk when no other name means it. Error{Usage} for a name
  /// that is not there (says which are).
  void remove(const std::string& name);
  [[nodiscard]] const std::filesystem::path& cache() const noexcept { return cache_; }
  /// Only one build of a name at a time.
  [[nodiscard]] std::filesystem::path lock_file(const std::string& name) const;

 private:
  std::filesystem::path cache_;
  std::filesystem::path root_;
};

}  // namespace skillaudit
