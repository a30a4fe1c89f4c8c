#pragma once

#include <string>
#include <vector>

#include "harness/cli/command.h"

namespace skillaudit {

/// A gate's options. Only files named on the command line are read: a file in the working directory
/// may come from the skill.
struct GateOptions {
  std::string policy;
  std::string accept;
  std::vector<std::string> baselines;
  std::string fail_on_new;  ///< kinds with commas between, or "all"; empty: not given
  std::string date;
  std::string coverage;  ///< --fail-under-coverage: asked of the gate where there is one

  [[nodiscard]] bool given() const {
    return !policy.empty() || !accept.empty() || !baselines.empty() || !fail_on_new.empty();
  }
};

/// `policy_flag`: "--policy", or another name if the command has a different --policy. `options`
/// must outlive the parsing.
void add_gate_options(Command& command, GateOptions& options, const std::string& policy_flag);

}  // namespace skillaudit
