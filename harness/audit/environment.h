#pragma once

#include <string>

#include "harness/audit/sandbox.h"
#include "harness/evidence/evidence.h"

namespace skillaudit {

/// The surroundings of an audit in `sandbox`. `network`: the name of its policy; `skill_dir`: where
/// the skill was installed in the guest.
[[nodiscard]] Environment describe(Sandbox& sandbox, const std::string& network,
                                   const std::string& skill_dir);

}  // namespace skillaudit
