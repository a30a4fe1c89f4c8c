#pragma once

#include <vector>

#include "harness/changes/changes.h"

namespace skillaudit {

/// The files that differ, sorted by path, all with Origin::Skill. A merge of two sorted lists; the
/// times of directories, devices and the like do not count.
[[nodiscard]] std::vector<FileChange> changed_files(const std::vector<FileEntry>& before,
                                                    const std::vector<FileEntry>& after);

}  // namespace skillaudit
