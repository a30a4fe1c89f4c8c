#pragma once

#include <optional>
#include <string>
#include <vector>

namespace skillaudit {

/// One command that a runner meant to run in the guest.
struct Step {
  std::string name;     ///< the scenario's name, or "SKILL.md:12", "scripts/setup.sh"
  std::string command;  ///< as given to the guest's shell
  bool ran = false;
  std::string reason_not_run;  ///< when it did not
  std::optional<int> exit_code;
  std::string signal;  ///< "KILL" when a signal ended it
  int expected_exit = 0;
  bool timed_out = false;
  double started_s = 0;  ///< seconds after the before snapshot, the host's clock
  double duration_s = 0;
  std::string out;  ///< at most 1 MiB each
  std::string err;
  bool out_truncated = false;
  bool err_truncated = false;
  std::string in_words = {};  ///< the sentence of a document that asked for it; empty for code
};

struct Execution {
  std::string runner;  ///< "command", "walkthrough", or the agent's name
  std::vector<Step> steps;
  /// When the whole run was cut short: "the guest stopped answering", "time-out of 600 s".
  std::string aborted;
};

}  // namespace skillaudit
