#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace skillaudit {

/// One entry of a tar stream that is made on the host and unpacked in the guest.
struct ArchiveEntry {
  std::string path;  ///< relative, "/" separated
  unsigned mode = 0644;
  std::string content;      ///< regular files
  std::string link_target;  ///< not empty: a symlink, kept as it is
  bool directory = false;
  bool placed = false;  ///< a file with an absolute path, wherever that is (preparation.h)
};

/// A pax tar archive (libarchive), entries in the given order, owner 0:0, time 0 replaced by now.
[[nodiscard]] std::string make_tar(const std::vector<ArchiveEntry>& entries);

/// A zip archive of the files among the entries, in that order and not compressed, as documents of
/// office programs are packed.
[[nodiscard]] std::string make_zip(const std::vector<ArchiveEntry>& entries);

/// The tree below `folder` with modes and symlinks kept as they are; links are never followed, so
/// nothing outside the folder can get in. Paths are prefixed by `prefix` ("skills/name").
/// Throws Error{Skill} for what cannot be read.
[[nodiscard]] std::vector<ArchiveEntry> archive_folder(const std::filesystem::path& folder,
                                                       const std::string& prefix);

}  // namespace skillaudit
