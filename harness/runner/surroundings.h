#pragma once

#include <string>
#include <vector>

#include "harness/evidence/skill.h"
#include "harness/runner/plan.h"
#include "harness/runner/project_steps.h"

namespace skillaudit {

/// Adds a step for each program that somebody gave arguments for; it runs in addition to what is
/// planned, and what the program does without them is judged no worse for having none. Throws
/// Error{Usage}, or Error{Skill} with the place in audit.yaml, for what is no program of the skill.
void add_given_arguments(Plan& plan, const Skill& skill, const std::vector<UnitArguments>& given);

/// The folder that a `working_directory` names, absolute: "{project}/src", "~/work", "/srv".
[[nodiscard]] std::string resolve_folder(const std::string& folder, const StepPlaces& places,
                                         const std::string& home);

/// Gives each step what `given` (the options of who audits) and audit.yaml say of its variables,
/// standard input, terminal and working directory; `given` wins. A step that could harm and gets
/// variables, input or a terminal from audit.yaml runs again without them: an author cannot choose
/// the only surroundings in which a skill is seen. `twins` false: it does not (a test is the
/// author's own).
void arrange_steps(Plan& plan, const Skill& skill, const Surroundings& given,
                   const StepPlaces& places, const std::string& home, bool twins);

/// The setup of audit.yaml as the first steps of the skill.
void add_setup_steps(Plan& plan, const std::vector<std::string>& setup);

}  // namespace skillaudit
