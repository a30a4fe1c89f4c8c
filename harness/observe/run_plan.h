#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/evidence/execution.h"
#include "harness/guest/ssh_session.h"
#include "harness/runner/plan.h"

namespace skillaudit {

class StepKeeper;

struct RunOptions {
  std::string working_directory;         ///< in the guest, of steps that name none
  std::chrono::milliseconds timeout{0};  ///< for all steps together
  /// Variables of each step's environment. They are told on standard input, ahead of the step's
  /// own, since they may be secrets: what stands in a command line every user can read.
  std::vector<std::pair<std::string, std::string>> environment = {};
  /// How a step that failed is tried again: as a step of its own, whose end counts for both. None:
  /// it is not. Empty: no step is.
  std::function<std::optional<PlannedStep>(const PlannedStep&, const Step&)> try_again = {};
  /// Looks after each step; null: a step that does not end runs until the limit.
  StepKeeper* keeper = nullptr;
  /// False: the VM or the proxy has died; the run is aborted.
  std::function<bool()> still_alive;
  /// Called before each step that runs.
  std::function<void(const Step&)> on_step;
};

/// Runs the plan's steps one by one in the guest. A step that used up the time stops the run, and
/// so does one that a signal of its own ended: what comes after it would not be what the author
/// meant. Losing the guest is recorded in Execution::aborted and not thrown; Ctrl-C is thrown.
[[nodiscard]] Execution run_plan(const Plan& plan, SshSession& guest, const RunOptions& options);

}  // namespace skillaudit
