#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/disk/guest_disk.h"
#include "harness/disk/list_files.h"
#include "harness/sensors/decoys.h"

namespace skillaudit {

/// Whether at least a third of the lines of `before` are in `after`, blank ones aside. A formatter
/// or a correction keeps them; encrypting a file, or writing another one in its place, does not.
[[nodiscard]] bool keeps_its_lines(std::string_view before, std::string_view after);

/// The files of `home`, whose absolute path is `home_path`, that are among the sorted paths
/// `changed` and keep their lines on the disk. Sorted.
[[nodiscard]] std::vector<std::string> edited_files(GuestDisk& disk, const DiskListing& listing,
                                                    const std::vector<std::string>& changed,
                                                    const FurnishedHome& home,
                                                    const std::string& home_path);

}  // namespace skillaudit
