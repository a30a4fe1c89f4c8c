#include "harness/observe/run_plan.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t kOutputLimit = 1U << 20;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

void run_step(Step& step, const PlannedStep& planned, SshSession& guest, const RunOptions& options,
              milliseconds limit) {
  std::string command;
  std::string input;
  for (const auto& [name, value] : options.environment) {
    command += fmt::format("IFS= read -r {0} && export {0} && ", name);
    input += value + "\n";
  }
  const std::string& folder =
      planned.working_directory.empty() ? options.working_directory : planned.working_directory;
  command +=
      fmt::format("cd {} && exec bash -c {}", shell_quote(folder), shell_quote(planned.command));
  input += planned.standard_input;
  const auto started = Clock::now();
  step.ran = true;
  const ExecResult result = guest.exec(command, {.timeout = limit,
                                                 .input = std::move(input),
                                                 .output_limit = kOutputLimit,
                                                 .still_alive = options.still_alive});
  step.duration_s = seconds_since(started);
  step.exit_code = result.exit_code;
  step.signal = result.signal;
  step.timed_out = result.timed_out;
  step.out = printable_block(result.out);
  step.err = printable_block(result.err);
  step.out_truncated = result.out_truncated;
  step.err_truncated = result.err_truncated;
}

}  // namespace

Execution run_plan(const Plan& plan, SshSession& guest, const RunOptions& options) {
  Execution execution;
  execution.runner = plan.runner;
  const auto started = Clock::now();
  const auto deadline = started + options.timeout;
  std::string stopped;
  for (const PlannedStep& planned : plan.steps) {
    Step& step = execution.steps.emplace_back();
    step.name = planned.name;
    step.command = printable_block(planned.command);
    step.expected_exit = planned.expected_exit;
    step.in_words = printable_block(planned.in_words);
    step.started_s = seconds_since(started);
    step.reason_not_run = !planned.reason_not_run.empty() ? planned.reason_not_run : stopped;
    if (!step.reason_not_run.empty()) continue;
    milliseconds limit = std::chrono::ceil<milliseconds>(deadline - Clock::now());
    if (planned.timeout_s)
      limit = std::min(limit, milliseconds(static_cast<long long>(*planned.timeout_s * 1000)));
    if (options.on_step) options.on_step(step);
    try {
      run_step(step, planned, guest, options, std::max(limit, milliseconds(0)));
      if (options.belongs_elsewhere && !planned.working_directory.empty() && !step.timed_out &&
          step.signal.empty() && step.exit_code != planned.expected_exit &&
          options.belongs_elsewhere(step)) {
        PlannedStep again = planned;
        again.working_directory.clear();
        run_step(step, again, guest, options, std::max(limit, milliseconds(0)));
      }
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::Evidence) throw;
      execution.aborted = fmt::format("{} during step {}", error.what(), step.name);
      stopped = "the guest was lost in an earlier step";
      continue;
    }
    if (step.timed_out) {
      stopped = "an earlier step timed out";
    } else if (!step.signal.empty()) {
      stopped = "an earlier step was killed by a signal";
    }
  }
  return execution;
}

}  // namespace skillaudit
