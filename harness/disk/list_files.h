#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/disk/guest_disk.h"
#include "harness/evidence/snapshot.h"

namespace skillaudit {

/// The files of a guest as its disk holds them, seen from outside: nothing that runs in the guest
/// can lie to it. The guest must be paused, and must have written back what it holds in memory
/// (sync, or better a freeze) before; a change that it still holds is not on the disk.

/// A file that is in use and has no name, which no walk of the guest's own can show: deleted while
/// a process has it open, or cut off.
struct UnnamedFile {
  std::uint32_t inode = 0;
  std::uint16_t links = 0;  ///< as the inode says; 0: deleted while open
  FileEntry file;           ///< without a path
};

struct DiskListing {
  /// Every path, as `find -printf` and parse_files() give it: sorted by path, bytewise, unique.
  std::vector<FileEntry> files;
  std::vector<std::uint32_t> inodes;      ///< of `files`
  std::vector<UnnamedFile> unnamed;       ///< by inode
  std::vector<FileAttribute> attributes;  ///< of `files`, in their order
  /// What is damaged, impossible or missing, a sentence each; a few dozen at most.
  std::vector<Gap> gaps;
};

struct ListingOptions {
  /// Directories that are left out with all below them, as the guest's walk leaves out /proc.
  std::vector<std::string> leave_out;
  /// A disk that uses more than this is not listed: memory is about 250 bytes for each.
  std::uint64_t most_inodes = 4U << 20;
  /// All paths together, in bytes: a hostile tree is deeper than any that people make.
  std::uint64_t most_path_bytes = 1ULL << 30;
};

/// Reads each inode in use once, and each directory block once. Time and memory depend on what the
/// disk holds, up to the limits. Throws Error{Evidence} when the disk is lost, its description
/// contradicts itself, or there is more on it than the limits allow.
[[nodiscard]] DiskListing list_files(GuestDisk& disk, const ListingOptions& options = {});

}  // namespace skillaudit
