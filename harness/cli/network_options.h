#pragma once

#include <string>
#include <vector>

#include "harness/cli/command.h"
#include "harness/traffic/policy.h"

namespace skillaudit {

/// `--network`, `--allow`, `--policy` and `--stub`. Only these open the network; a skill cannot.
struct NetworkOptions {
  std::string network = "mirrors";
  std::vector<std::string> allow;
  std::string policy_file;
  std::vector<std::string> stub_files;
};

/// Adds the options; `options` must outlive the parsing.
void add_network_options(Command& command, NetworkOptions& options);

/// Throws Error{Usage} for an invalid rule or file.
[[nodiscard]] Policy policy_of(const NetworkOptions& options);

/// "mirrors and 2 custom rules and 1 stub".
[[nodiscard]] std::string network_label(const NetworkOptions& options, const Policy& policy);

}  // namespace skillaudit
