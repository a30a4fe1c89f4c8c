#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/disk/guest_disk.h"
#include "harness/disk/list_files.h"
#include "harness/evidence/snapshot.h"

namespace skillaudit {

/// The contents of files of a listing, read from outside while the guest is still paused.

struct ContentLimits {
  std::uint64_t each = 1ULL << 28;   ///< a larger file is left out and noted
  std::uint64_t total = 1ULL << 32;  ///< so is what would go over this, all files together
};

/// As the guest's own answer in Details: what is left out on purpose is a note, what is damaged a
/// gap.
struct DiskDigests {
  std::vector<FileDigest> digests;  ///< in the order asked for; files not hashed are absent
  std::vector<std::string> notes;
  std::vector<Gap> gaps;
};

/// SHA-256 of the regular files `paths`. Links are not followed.
[[nodiscard]] DiskDigests hash_files(GuestDisk& disk, const DiskListing& listing,
                                     const std::vector<std::string>& paths,
                                     const ContentLimits& limits = {});

struct DiskTexts {
  std::vector<ConfigText> texts;  ///< sorted by path; what is not there is absent
  std::vector<Gap> gaps;
};

/// The content of the files `paths`, cut to `limits.each` bytes, as the table "config" holds it. A
/// link is followed where it leads to a regular file, and stands under its own path. What would go
/// over `limits.total` is a gap.
[[nodiscard]] DiskTexts read_texts(GuestDisk& disk, const DiskListing& listing,
                                   const std::vector<std::string>& paths,
                                   const ContentLimits& limits = {1U << 18, 1U << 26});

/// Where in `listing.files` the file stands that `path` leads to through links, those in its
/// folders too, as the guest would resolve it; npos when there is none, or after forty links.
[[nodiscard]] std::size_t resolve(const DiskListing& listing, const std::string& path);

}  // namespace skillaudit
