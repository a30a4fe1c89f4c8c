#pragma once

#include <string>
#include <utility>
#include <vector>

#include "harness/evidence/skill.h"
#include "harness/runner/plan.h"

namespace skillaudit {

/// A step for each subcommand that the code of a program knows and none of `steps` gives it: by
/// argparse, click, commander, or a choice by the first argument. Of programs that `steps` run, in
/// the same way. All are tentative. At most kMostSubcommands. Pure.
[[nodiscard]] std::vector<PlannedStep> subcommand_steps(const Skill& skill,
                                                        const std::vector<PlannedStep>& steps);
inline constexpr std::size_t kMostSubcommands = 12;

/// Variables that the skill's code compares with a word, with that word: {"APP_ENV", "production"}.
/// Switches ("1", "true") are none: code that asks for one is asked for as it stands. Pure.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> compared_variables(
    const Skill& skill);

}  // namespace skillaudit
