#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/evidence/scenario.h"

namespace skillaudit {

/// `evals/evals.json` of a skill, as published skills have it:
///
///     {"skill_name": "notes", "evals": [{"id": 1, "prompt": "Note that I need milk",
///       "expected_output": "…", "files": ["evals/files/list.csv"], "assertions": ["…"]}]}
///
/// A scenario for each eval, "eval 1", with its prompt and its files, which lie in the user's
/// project. What the output should be is prose for a judge, and is not checked: a scenario expects
/// that the agent read the skill. Empty where there is no such file. Throws Error{Skill} for one
/// that is not of this form, and for a file that is not there.
[[nodiscard]] std::vector<Scenario> scenarios_of_evals(const std::filesystem::path& skill_folder);

inline constexpr std::size_t kMostEvals = 100;

}  // namespace skillaudit
