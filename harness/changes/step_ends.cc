#include "harness/changes/step_ends.h"

#include <algorithm>
#include <set>
#include <string>

#include "harness/base/text.h"
#include "harness/base/usage_text.h"
#include "harness/changes/lacking.h"

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

/// Whether the step is nothing but a file of the skill, by its interpreter or not, without
/// arguments.
bool runs_file_bare(const Step& step, const Skill& skill) {
  const std::string_view command = trim(step.command);
  if (command.find('\n') != std::string_view::npos) return false;
  std::string_view word = command.substr(command.find_last_of(" \t") + 1);
  while (!word.empty() && (word.back() == '\'' || word.back() == '"')) word.remove_suffix(1);
  while (!word.empty() && (word.front() == '\'' || word.front() == '"')) word.remove_prefix(1);
  while (word.starts_with("./")) word.remove_prefix(2);
  return std::any_of(skill.files.begin(), skill.files.end(), [&](const SkillFile& file) {
    return word == file.path || (word.size() > file.path.size() && word.ends_with(file.path) &&
                                 word[word.size() - file.path.size() - 1] == '/');
  });
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
  const bool is_walk = evidence.execution.runner == "walkthrough";
  const bool is_usage_code = code == 1 || code == 2 || code == 64;
  if (is_walk && is_usage_code && !has_acted && runs_file_bare(step, evidence.skill) &&
      asks_for_arguments(step.out, step.err))
    return {StepCause::Usage, {}};
  if (auto lack = lack_of(step, evidence, installed)) return *lack;
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
