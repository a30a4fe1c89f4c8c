#pragma once

#include <filesystem>
#include <vector>

#include "harness/rules/rubric.h"

namespace skillaudit {

/// The files of rules in a team's folder, by name: each *.yaml that lies in it. Throws Error{Usage}
/// that names the file and the fix for a folder that is missing or has none, for a *.yml, and for
/// what is no file of the folder's own: a link that leads out of it, a pipe, a device, a folder, a
/// file that is too large or cannot be read. Other files and folders are left alone.
[[nodiscard]] std::vector<RuleFile> team_rule_files(const std::filesystem::path& folder);

/// The shipped rubric and the rules of a team's folder; without a folder (empty) the shipped one
/// alone. Throws as team_rule_files() and load_rubric() do.
[[nodiscard]] Rubric rubric_with(const std::filesystem::path& folder);

}  // namespace skillaudit
