#pragma once

#include <string>
#include <vector>

#include "harness/cli/command.h"
#include "harness/traffic/policy.h"

namespace skillaudit {

/// `--network`, `--allow` and `--policy`. Only these open the network; a skill cannot.
struct NetworkOptions {
  std::string network = "mirrors";
  std::vector<std::string> allow;
  std::string policy_file;
};

/// Adds the three options; `options` must outlive the parsing.
void add_network_options(Command& command, NetworkOptions& options);

/// Throws Error{Usage} for an invalid rule or file.
[[nodiscard]] Policy policy_of(const NetworkOptions& options);

/// "mirrors and 2 rules of the user".
[[nodiscard]] std::string network_label(const NetworkOptions& options, const Policy& policy);

}  // namespace skillaudit
