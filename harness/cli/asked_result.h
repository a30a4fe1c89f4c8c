#pragma once

#include <string>

#include "harness/analysis/verdict.h"
#include "harness/cli/command.h"

namespace skillaudit {

/// `--fail-under` and `--fail-under-coverage`: what a result must be beside its verdict. What they
/// fill must outlive the parsing; empty: not given.
void add_fail_under_option(Command& command, std::string& grade);
void add_coverage_option(Command& command, std::string& coverage);

/// Throws Error{Usage} for a percentage that is none.
[[nodiscard]] AskedResult read_asked(const std::string& grade, const std::string& coverage);
/// "80", "99.5", "80%". Throws Error{Usage}.
[[nodiscard]] double percent_of(const std::string& text);

}  // namespace skillaudit
