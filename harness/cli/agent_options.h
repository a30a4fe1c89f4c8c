#pragma once

#include <string>
#include <vector>

#include "harness/audit/audit.h"
#include "harness/cli/command.h"

namespace skillaudit {

/// `--agent`, `--prompt`, and the options that choose the model.
struct AgentOptions {
  std::string agent;
  std::vector<std::string> prompts;
  std::string model;       ///< "obedient", "live" or an address; empty: live where there is a key
  std::string model_name;  ///< at that address
  std::string script;
  std::string replay;
  std::string record;
};

/// Adds the options; `options` must outlive the parsing.
void add_agent_options(Command& command, AgentOptions& options);

/// Throws Error{Usage} for options that contradict each other.
[[nodiscard]] AgentSpec agent_spec(const AgentOptions& options);

}  // namespace skillaudit
