#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/base/workspace.h"

namespace skillaudit {

struct SkillSource {
  std::filesystem::path folder;  ///< what load_skill() gets
  std::string name;              ///< of its bundle; no two are the same unless the user named both
  /// The folders that the user gave and that hold the skill, with those between: what a plugin in
  /// one of them has besides is part of what was asked about.
  std::vector<std::filesystem::path> plugins;
};

/// The skills that the words of a command line stand for, and the folders in which archives were
/// unpacked for them. These go with the value, and on the next audit if this process is killed.
struct SkillSources {
  std::vector<SkillSource> skills;
  std::vector<Workspace> unpacked;
};

/// Each of `given` is a skill's folder, its SKILL.md, an archive, or a folder with skills at any
/// depth. What is none of these stays, for load_skill() to say why. Throws Error{Skill} as unpack()
/// and find_skills() do, and for an archive without a skill.
[[nodiscard]] SkillSources open_sources(const std::vector<std::string>& given);

}  // namespace skillaudit
