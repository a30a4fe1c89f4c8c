#pragma once

#include <memory>
#include <string>

#include "harness/cli/command.h"
#include "harness/rules/rubric.h"

namespace skillaudit {

/// Adds `--rules DIR`. `folder` must outlive the parsing. As with a gate's files, only what the
/// command line names is read: a folder in the working directory may come from the skill.
void add_rules_option(Command& command, std::string& folder);

/// The rules in force for the whole command: the shipped ones, and those of `folder` unless it is
/// empty. Throws as rubric_with() does.
[[nodiscard]] std::shared_ptr<const Rubric> rules_in_force(const std::string& folder);

}  // namespace skillaudit
