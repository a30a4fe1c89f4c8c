#pragma once

#include <string>
#include <vector>

#include "harness/cli/command.h"
#include "harness/evidence/surroundings.h"

namespace skillaudit {

/// What the machine is like on which the skill runs: `--package`, `--env`, `--file`, `--arg`,
/// `--stdin`, `--terminal`, `--cwd`, and what is taken from audit.yaml: `--setup`, `--no-packages`.
struct SurroundingsOptions {
  std::vector<std::string> packages;
  std::vector<std::string> variables;
  std::vector<std::string> files;
  std::vector<std::string> arguments;
  std::string standard_input;
  std::string working_directory;
  bool terminal = false;
  bool setup = false;
  bool no_packages = false;
};

/// Adds the options; `options` must outlive the parsing.
void add_surroundings_options(Command& command, SurroundingsOptions& options);

/// Reads the files that are named. Throws Error{Usage} that says which option is wrong and how to
/// write it.
[[nodiscard]] Surroundings surroundings_of(const SurroundingsOptions& options);

}  // namespace skillaudit
