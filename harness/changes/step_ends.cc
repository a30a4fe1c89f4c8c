#include "harness/changes/step_ends.h"

#include <algorithm>
#include <set>
#include <string>

#include "harness/base/text.h"
#include "harness/base/usage_text.h"
#include "harness/changes/lacking.h"
#include "harness/evidence/bare_command.h"
#include "harness/evidence/runner_names.h"

namespace skillaudit {
namespace {

/// Steps of which the trace tells more than that programs ran: whoever acts was not waiting for
/// arguments.
std::set<const Step*> steps_that_acted(const ProcessTree& processes) {
  std::set<const Step*> acted;
  const std::vector<TraceEvent>& events = processes.events();
  for (std::size_t i = 0; i < events.size(); ++i) {
    const TraceKind kind = events[i].kind;
    if (kind == TraceKind::Exec || kind == TraceKind::Exit || kind == TraceKind::Fork ||
        kind == TraceKind::MachineRead)
      continue;
    if (const Step* step = processes.step(i)) acted.insert(step);
  }
  return acted;
}

/// Of a server that the audit ended: by the signal, with the code that stands for it, or well.
bool ended_as_by_ctrl_c(const Step& step) {
  if (step.timed_out) return false;
  if (!step.exit_code)
    return step.signal == "INT" || step.signal == "TERM" || step.signal == "KILL";
  const int code = *step.exit_code;
  return code == step.expected_exit || code == 130 || code == 137 || code == 143;
}

StepEnd end_of(const Step& step, const Evidence& evidence, const Installed& installed,
               bool has_acted) {
  if (!step.ran || !evidence.agent.name.empty()) return {};
  if (!step.served_ports.empty() && ended_as_by_ctrl_c(step)) return {StepCause::Serving, {}};
  if (step.hung) return {StepCause::Hung, {}};
  if (step.timed_out) return {StepCause::Time, {}};
  if (!step.signal.empty() || !step.exit_code) return {};
  if (*step.exit_code == step.expected_exit) {
    // "x: command not found" in the middle of a script that goes on.
    const std::string program = program_lacked(step, installed);
    return program.empty() ? StepEnd{} : StepEnd{StepCause::LacksProgram, program};
  }
  const int code = *step.exit_code;
  const bool is_walk = evidence.execution.runner == kWalkthrough;
  const bool is_usage_code = code == 1 || code == 2 || code == 64;
  if (is_walk && is_usage_code && !has_acted &&
      bare_command(step.command, evidence.skill) != nullptr &&
      asks_for_arguments(step.out, step.err))
    return {StepCause::Usage, {}};
  if (auto lack = lack_of(step, evidence, installed)) return *lack;
  // The arguments were our guess: that it cannot work with them is not its fault.
  if (!step.arguments.empty() && code < 128) return {StepCause::Usage, {}};
  return {StepCause::OwnFault, {}};
}

}  // namespace

std::vector<StepEnd> step_ends(const Evidence& evidence, const ProcessTree& processes) {
  const Installed installed(evidence);
  const std::set<const Step*> acted = steps_that_acted(processes);
  std::vector<StepEnd> ends;
  std::set<std::string_view> tried_again;
  for (const Step& step : evidence.execution.steps)
    if (!step.again.empty()) tried_again.insert(step.again);
  for (const Step& step : evidence.execution.steps) {
    ends.push_back(end_of(step, evidence, installed, acted.contains(&step)));
    ends.back().tried_again = tried_again.contains(step.name);
  }
  return ends;
}

}  // namespace skillaudit
