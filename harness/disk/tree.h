#pragma once

#include "harness/disk/directories.h"
#include "harness/disk/list_files.h"

namespace skillaudit {

/// Walks the tree from its root and fills `files` and `inodes` of `listing`. A directory is entered
/// by the first of its names alone, so that no tree is without end.
void walk_tree(const InodeTable& table, const Names& names, const ListingOptions& options,
               DiskListing& listing, Gaps& gaps);

}  // namespace skillaudit
