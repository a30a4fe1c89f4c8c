#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/analysis/assessment.h"
#include "harness/evidence/evidence.h"
#include "harness/runner/plan.h"

namespace skillaudit {

/// Steps that do what time, a login or the next start of a program would do with what the skill
/// left: lines of cron, jobs of at, units of systemd, start-up files, hooks of Git, what an
/// interpreter imports by itself, programs in folders of PATH. At most kMostLaterSteps, each once.
/// Pure. A settings file that names a program is not followed.
[[nodiscard]] std::vector<PlannedStep> later_steps(const Evidence& evidence,
                                                   const Changes& changes);

/// Whether any of the paths is where something could act later: cheaper than later_steps().
[[nodiscard]] bool could_act_later(const std::vector<std::string>& changed, std::string_view home,
                                   std::string_view skill_dir);

inline constexpr std::size_t kMostLaterSteps = 20;

}  // namespace skillaudit
