#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace witness {

/// Rows of the table "files": "TYPE MODE UID GID SIZE MTIME CTIME PATH" NUL LINK-TARGET NUL, with
/// the letters of find's %y, the mode in octal and times as seconds and ten digits of fraction.
void put_row(std::string& out, const std::string& path);

struct Listing {
  std::string files;  ///< rows of the table "files"
  std::string
      attributes;  ///< rows of the table "attributes": PATH NUL NAME NUL SIZE NUL, the value
};

/// Everything below `root`, itself included, but /proc, /sys, pseudo file systems and shares of the
/// host. Throws Failure for a folder that cannot be read.
[[nodiscard]] Listing files_below(const std::string& root);
/// All that is mounted beside the root's file system: /run, /dev, /dev/shm, and what else there is.
[[nodiscard]] Listing files_elsewhere();

}  // namespace witness
