#pragma once

#include <string>
#include <vector>

#include "harness/cli/command.h"

namespace skillaudit {

/// What a gate is told on the command line. Files are read where they are named and nowhere else:
/// one that lies in the working directory may be the skill's own.
struct GateOptions {
  std::string policy;
  std::string accept;
  std::vector<std::string> baselines;
  std::string fail_on_new;  ///< kinds with commas between, or "all"; empty: not given
  std::string date;

  [[nodiscard]] bool given() const {
    return !policy.empty() || !accept.empty() || !baselines.empty() || !fail_on_new.empty();
  }
};

/// `policy_flag`: "--policy", or another name where the command has a policy of another kind.
/// `options` must outlive the parsing.
void add_gate_options(Command& command, GateOptions& options, const std::string& policy_flag);

}  // namespace skillaudit
