#pragma once

#include <string_view>
#include <vector>

#include "harness/evidence/skill.h"

namespace skillaudit {

/// The first path of one machine in a line, or all of them: `/home/NAME…`, `/Users/NAME…` and
/// `C:\Users\NAME…` with a literal NAME. Not `/home/$USER`, `/home/<user>`, `/home/*`; not part of
/// a longer path or of a URL; not the homes that are the same everywhere (linuxbrew, Shared,
/// Public, Default). `file` and `line` of the results are left empty.
[[nodiscard]] std::vector<HardCodedPath> hard_coded_paths_in(std::string_view line);

/// The hard-coded paths of a skill's scripts (comment lines aside) and of the code blocks of its
/// documents; there, placeholder names (`user`, `you`, `username`, …) are ignored.
/// In the order of `texts`, then by line; the same path once a line.
[[nodiscard]] std::vector<HardCodedPath> find_hard_coded_paths(const std::vector<SkillText>& texts);

}  // namespace skillaudit
