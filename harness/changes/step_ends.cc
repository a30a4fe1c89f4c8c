#include "harness/changes/step_ends.h"

#include <algorithm>
#include <map>
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

/// Steps whose programs connected, and asked a host that was not let through while the step ran:
/// what works on the answer ("curl … | jq …") fails in its own words.
std::set<const Step*> steps_that_asked_in_vain(const Evidence& evidence,
                                               const ProcessTree& processes) {
  struct Window {
    double first = 0;
    double last = 0;
    bool connects = false;
  };
  constexpr double kSlack = 0.5;  // of the two clocks
  std::set<const Step*> asked;
  const bool any_blocked =
      std::any_of(evidence.flows.begin(), evidence.flows.end(),
                  [](const Flow& flow) { return !flow.allowed && !flow.answered; });
  if (!any_blocked || evidence.trace.began_at <= 0) return asked;
  std::map<const Step*, Window> windows;
  const std::vector<TraceEvent>& events = processes.events();
  for (std::size_t i = 0; i < events.size(); ++i) {
    const Step* step = processes.step(i);
    if (step == nullptr) continue;
    const double at = events[i].time_s;
    Window& window = windows.try_emplace(step, Window{at, at}).first->second;
    window.last = std::max(window.last, at);
    window.connects = window.connects || events[i].kind == TraceKind::Connect;
  }
  for (const auto& [step, window] : windows)
    for (const Flow& flow : evidence.flows) {
      const double at = flow.time - evidence.trace.began_at;
      if (!flow.allowed && !flow.answered && window.connects && at >= window.first - kSlack &&
          at <= window.last + kSlack)
        asked.insert(step);
    }
  return asked;
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
  const std::set<const Step*> in_vain = steps_that_asked_in_vain(evidence, processes);
  std::vector<StepEnd> ends;
  std::set<std::string_view> tried_again;
  for (const Step& step : evidence.execution.steps)
    if (!step.again.empty()) tried_again.insert(step.again);
  for (const Step& step : evidence.execution.steps) {
    ends.push_back(end_of(step, evidence, installed, acted.contains(&step)));
    const StepCause cause = ends.back().cause;
    // A token that could not be shown to its service is told as none; arguments of ours never got
    // there.
    const bool of_answer = cause == StepCause::OwnFault || cause == StepCause::Usage ||
                           (cause == StepCause::LacksCredential && ends.back().what.empty());
    if (of_answer && in_vain.contains(&step)) ends.back() = {StepCause::LacksHost, {}};
    ends.back().tried_again = tried_again.contains(step.name);
  }
  return ends;
}

}  // namespace skillaudit
