#pragma once

#include <string>

#include "harness/audit/further_clones.h"
#include "harness/cli/command.h"

namespace skillaudit {

struct WorldsOptions {
  std::string depth = "standard";
  std::string worlds;  ///< separated by commas; empty: all of them
  std::string budget;  ///< seconds; empty: WorldBudget's own
};

/// `--depth`, `--worlds`, `--budget`.
void add_worlds_options(Command& command, WorldsOptions& options);

/// Throws Error{Usage} for an unknown world, a budget that is none, and options without effect.
[[nodiscard]] WorldsSpec worlds_of(const WorldsOptions& options);

}  // namespace skillaudit
