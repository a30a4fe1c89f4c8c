#pragma once

#include <string>
#include <string_view>

#include "harness/runner/plan.h"

namespace skillaudit {

/// Absolute folders of the guest.
struct StepPlaces {
  std::string skill;    ///< where the skill is installed
  std::string project;  ///< the project that the user has open
};

/// Makes the steps of a walkthrough run as an agent runs them: in the user's project, with the
/// skill's files named by their absolute path, since an agent knows the skill's folder. A step that
/// needs the skill's folder as its own runs there: one that changes into a folder of the skill,
/// whose code names the skill's files in a way that cannot be rewritten, or that builds or installs
/// the skill's own package. A program that names the skill's files by relative paths runs in both.
void run_in_project(Plan& plan, const Skill& skill, const StepPlaces& places);

/// Whether what a failed command wrote says that it missed a file, and a file of the skill is at
/// the path that it names: its code expects the skill's folder to be the working directory.
[[nodiscard]] bool misses_skill_file(const Skill& skill, std::string_view output);

}  // namespace skillaudit
