#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/disk/guest_disk.h"
#include "harness/disk/list_files.h"

namespace skillaudit {

struct VisitLimits {
  std::uint64_t each = 64ULL << 20;    ///< of a larger file only what stands before is read
  std::uint64_t total = 512ULL << 20;  ///< all files together
};

/// Reads the regular files `paths` of the listing, one in memory at a time, in their order. Links
/// are not followed. What is not there or damaged is left out: hash_files() tells of it. False when
/// a limit left something unread.
bool visit_files(
    GuestDisk& disk, const DiskListing& listing, const std::vector<std::string>& paths,
    const std::function<void(const std::string& path, std::string_view content)>& visit,
    const VisitLimits& limits = {});

}  // namespace skillaudit
