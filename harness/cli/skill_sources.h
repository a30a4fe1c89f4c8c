#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/workspace.h"
#include "harness/cli/command.h"
#include "harness/evidence/skill.h"

namespace skillaudit {

struct SkillSource {
  std::filesystem::path folder;  ///< what load_skill() gets
  std::string name;              ///< of its bundle; no two are the same unless the user named both
  /// The folders that the user gave and that hold the skill, with those between: what a plugin in
  /// one of them has besides is part of what was asked about.
  std::vector<std::filesystem::path> plugins = {};
  std::optional<GitSource> git = {};  ///< where it was cloned from
  std::optional<Error> problem = {};  ///< why there is nothing to audit
  std::string from = {};              ///< as the user knows the place: for a list
};

/// The skills that a command line stands for, and the folders into which archives were unpacked and
/// repositories cloned for them. These go with the value, and on the next audit if this process is
/// killed.
struct SkillSources {
  std::vector<SkillSource> skills;
  std::vector<Workspace> unpacked;
};

struct SourceOptions {
  std::vector<std::string> skills;
  std::string ref;         ///< --ref: of Git addresses that name none
  bool installed = false;  ///< --installed
  bool list = false;       ///< --list
};
void add_source_options(Command& command, SourceOptions& options);

/// Each of `skills` is a skill's folder, its SKILL.md, an archive, a folder with skills at any
/// depth, or the address of a Git repository; with `installed` also what installed_skills() has.
/// What is none of these stays, for load_skill() to say why. `say` is told what takes time and what
/// was found. Of several, one that cannot be opened has a problem; of one it is thrown:
/// Error{Skill} as unpack(), find_skills() and clone_repository() throw it, and for an archive or
/// repository without a skill. Throws Error{Usage} where no skill is given.
[[nodiscard]] SkillSources open_sources(const SourceOptions& options,
                                        const std::function<void(const std::string&)>& say);

/// The table that --list prints.
[[nodiscard]] std::string list_of(const SkillSources& sources);

}  // namespace skillaudit
