#pragma once

#include <string>
#include <vector>

#include "harness/evidence/skill.h"

namespace skillaudit {

/// More are not looked for.
inline constexpr std::size_t kMostAskedFolders = 4;

/// The folders that the skill's code or a block of its documents changes into or tests for, as a
/// machine of its users has them: "/srv/project", "~/work/app". Sorted. Left out are folders of the
/// system, temporary and hidden ones, and those that the skill makes itself.
[[nodiscard]] std::vector<std::string> folders_of(const Skill& skill);

}  // namespace skillaudit
