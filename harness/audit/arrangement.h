#pragma once

#include <string>
#include <utility>
#include <vector>

#include "harness/audit/audit.h"
#include "harness/audit/user_files.h"
#include "harness/evidence/skill.h"
#include "harness/runner/plan.h"
#include "harness/runner/project_steps.h"

namespace skillaudit {

/// What is prepared for one audit because options or audit.yaml ask for it.
struct Arrangement {
  std::vector<PlacedEntry> files;
  std::vector<std::pair<std::string, std::string>> environment;  ///< of all programs: by options
  std::vector<std::pair<std::string, std::string>> credentials;  ///< of audit.yaml
  std::vector<std::string> folders;  ///< that steps work in: made where they are not there
  std::vector<std::string> texts;    ///< absolute paths of files whose text is kept, sorted
  std::vector<std::string> setup;    ///< runs ahead of the state before
  std::vector<std::string> told;     ///< as Environment::arranged
};

/// Whether audit.yaml's file may be at a place of the guest: where no other program looks for what
/// it runs or is configured by, nor for credentials. Else an author could hide that the skill
/// writes there. Empty, or why not.
[[nodiscard]] std::string why_not_there(const std::string& path, const std::string& home,
                                        const std::string& skill_dir);

/// Changes the plan's steps as options and audit.yaml say (runner/surroundings.h). The scenario is
/// that of `spec`, or each one. Throws Error{Skill} for a file that may not be where it shall be,
/// and where two scenarios want different files at one place.
[[nodiscard]] Arrangement arrange(const AuditSpec& spec, const Skill& skill,
                                  const StepPlaces& places, const std::string& home, Plan& plan);

}  // namespace skillaudit
