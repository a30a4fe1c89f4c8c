#pragma once

#include <set>
#include <string>
#include <string_view>

#include "harness/evidence/skill.h"

namespace skillaudit {

/// The paths of a skill, as its commands name them: relative to its folder.
struct SkillPaths {
  explicit SkillPaths(const Skill& skill);
  std::set<std::string, std::less<>> files;
  std::set<std::string, std::less<>> folders;
};

struct LocatedCommand {
  std::string command;  ///< with absolute paths
  /// It still names a file of the skill by its relative path (in a string, a here-document or an
  /// import), or changes into a folder of the skill.
  bool needs_skill_folder = false;
};

/// Puts `folder`, where the skill is installed, before each word of a shell command that names a
/// file or folder of the skill. Words of here-documents and comments stay as they are.
[[nodiscard]] LocatedCommand locate_skill_files(std::string_view command, const SkillPaths& paths,
                                                const std::string& folder);

}  // namespace skillaudit
