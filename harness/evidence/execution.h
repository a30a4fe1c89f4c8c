#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace skillaudit {

/// One request of the audit to a step that serves.
struct ServedAnswer {
  std::uint16_t port = 0;
  std::string path;                ///< "/health"
  std::optional<int> http_status;  ///< none: no answer, or none of HTTP
};

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
  /// It did nothing and served nothing, and was ended: as timed_out, long before the limit.
  bool hung = false;
  /// Ports of TCP on which it listened and waited. Then the audit asked it, and ended it as by
  /// Ctrl-C.
  std::vector<std::uint16_t> served_ports = {};
  std::vector<ServedAnswer> answers = {};
  std::vector<std::string> arguments = {};  ///< that the audit added, since it asked for some
  std::string again = {};                   ///< the step that this one tries again
  double started_s = 0;                     ///< seconds after the before snapshot, the host's clock
  double duration_s = 0;
  std::string out;  ///< at most 1 MiB each
  std::string err;
  bool out_truncated = false;
  bool err_truncated = false;
  std::string in_words = {};  ///< the sentence of a document that asked for it; empty for code
  bool example = false;       ///< a document shows it, and asks nobody to run it (PlannedStep)
  bool tentative = false;     ///< the audit's reading of the skill, which may fail (PlannedStep)
};

struct Execution {
  std::string runner;  ///< "command", "walkthrough", or the agent's name
  std::vector<Step> steps;
  /// When the whole run was cut short: "the guest stopped answering", "time-out of 600 s".
  std::string aborted;
};

}  // namespace skillaudit
