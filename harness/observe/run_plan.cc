#include "harness/observe/run_plan.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/observe/step_keeper.h"

namespace skillaudit {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t kOutputLimit = 1U << 20;
constexpr int kMostTries = 3;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// script(1) opens a terminal, whose input ours is, and passes on how the command ended.
std::string on_terminal(const std::string& command) {
  return "script -qefc " + shell_quote("exec " + command) + " /dev/null";
}

/// A terminal ends lines by two characters.
std::string without_returns(std::string text) {
  for (std::size_t at = text.find("\r\n"); at != std::string::npos; at = text.find("\r\n", at))
    text.erase(at, 1);
  return text;
}

void run_step(Step& step, const PlannedStep& planned, SshSession& guest, const RunOptions& options,
              milliseconds limit) {
  std::string command;
  std::string input;
  for (const auto* variables : {&options.environment, &planned.environment})
    for (const auto& [name, value] : *variables) {
      command += fmt::format("IFS= read -r {0} && export {0} && ", name);
      input += value + "\n";
    }
  const std::string& folder =
      planned.working_directory.empty() ? options.working_directory : planned.working_directory;
  const std::string started_as = "bash -c " + shell_quote(planned.command);
  command += fmt::format("cd {} && exec {}", shell_quote(folder),
                         planned.terminal ? on_terminal(started_as) : started_as);
  input += planned.standard_input;
  const auto started = Clock::now();
  step.ran = true;
  if (options.keeper) options.keeper->begin(limit);
  const auto still_alive = [&] {
    if (options.still_alive && !options.still_alive()) return false;
    if (options.keeper) options.keeper->look();
    return true;
  };
  const ExecResult result = guest.exec(command, {.timeout = limit,
                                                 .input = std::move(input),
                                                 .output_limit = kOutputLimit,
                                                 .still_alive = still_alive});
  step.duration_s = seconds_since(started);
  step.exit_code = result.exit_code;
  step.signal = result.signal;
  step.timed_out = result.timed_out;
  step.out = printable_block(planned.terminal ? without_returns(result.out) : result.out);
  step.err = printable_block(result.err);
  step.out_truncated = result.out_truncated;
  step.err_truncated = result.err_truncated;
  if (options.keeper) options.keeper->end(step);
}

/// Failed in a way that another try may mend.
bool has_failed(const Step& step) {
  return step.exit_code && *step.exit_code != step.expected_exit && !step.timed_out && !step.hung &&
         step.served_ports.empty();
}

class Run {
 public:
  Run(const Plan& plan, SshSession& guest, const RunOptions& options)
      : guest_(guest), options_(options), deadline_(started_ + options.timeout) {
    execution_.runner = plan.runner;
  }

  void step(const PlannedStep& planned, const std::string& again_of) {
    Step& step = execution_.steps.emplace_back();
    step.name = planned.name;
    step.command = printable_block(planned.command);
    step.expected_exit = planned.expected_exit;
    step.in_words = printable_block(planned.in_words);
    step.tentative = planned.tentative;
    step.example = planned.example;
    step.again = again_of.empty() ? planned.again : again_of;
    step.arguments = planned.arguments;
    step.started_s = seconds_since(started_);
    step.reason_not_run = !planned.reason_not_run.empty() ? planned.reason_not_run : stopped_;
    if (!step.reason_not_run.empty()) return;
    milliseconds limit = std::chrono::ceil<milliseconds>(deadline_ - Clock::now());
    if (planned.timeout_s)
      limit = std::min(limit, milliseconds(static_cast<long long>(*planned.timeout_s * 1000)));
    if (options_.on_step) options_.on_step(step);
    try {
      run_step(step, planned, guest_, options_, std::max(limit, milliseconds(0)));
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::Evidence) throw;
      execution_.aborted = fmt::format("{} during step {}", error.what(), step.name);
      stopped_ = "the guest was lost in an earlier step";
      return;
    }
    const bool is_ended = options_.keeper && options_.keeper->can_end();
    if (step.timed_out && (!is_ended || Clock::now() >= deadline_)) {
      stopped_ = "an earlier step timed out";
    } else if (!step.timed_out && !step.signal.empty() && !step.hung && step.served_ports.empty()) {
      stopped_ = "an earlier step was killed by a signal";
    }
  }

  /// The step, and each further try that its end asks for.
  void step_with_tries(const PlannedStep& planned) {
    step(planned, "");
    PlannedStep last = planned;
    for (int i = 0; i < kMostTries && options_.try_again && stopped_.empty(); ++i) {
      const Step& ended = execution_.steps.back();
      if (!ended.ran || !has_failed(ended)) return;
      std::optional<PlannedStep> again = options_.try_again(last, ended);
      if (!again) return;
      step(*again, last.name);
      last = std::move(*again);
    }
  }

  Execution take() && { return std::move(execution_); }

 private:
  SshSession& guest_;
  const RunOptions& options_;
  Execution execution_;
  Clock::time_point started_ = Clock::now();
  Clock::time_point deadline_;
  std::string stopped_;
};

}  // namespace

Execution run_plan(const Plan& plan, SshSession& guest, const RunOptions& options) {
  Run run(plan, guest, options);
  for (const PlannedStep& planned : plan.steps) run.step_with_tries(planned);
  return std::move(run).take();
}

}  // namespace skillaudit
