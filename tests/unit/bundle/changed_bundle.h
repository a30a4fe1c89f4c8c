#pragma once

#include <cstddef>
#include <filesystem>

namespace skillaudit::testing {

/// What changed_bundle() put where.
struct ChangedBundle {
  std::size_t added = 0;
  std::size_t modified = 0;
  std::size_t deleted = 0;
  std::size_t unchanged = 0;
};

/// Writes into the new folder `bundle` what an audit would write of a guest in which `changes`
/// entries of the file system differ: of every 40, 24 were added, 8 modified and 8 deleted. They
/// lie in deep trees at eight places that are judged differently (a project, other data and
/// dot-folders of the home, /tmp, /var/lib, /usr/local, …), half of the added ones in new folders
/// and half under names that have nothing in common in old ones, beside a system of 20,000
/// unchanged entries. Each content that changed has its digest. Entries stand in the order of a
/// walk through a file system: folder by folder, unsorted within one. The same `changes` always
/// give the same bundle.
ChangedBundle write_changed_bundle(std::size_t changes, const std::filesystem::path& bundle);

}  // namespace skillaudit::testing
