#include "harness/analysis/unexercised.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <string_view>
#include <vector>

#include "harness/analysis/worlds.h"
#include "harness/base/text.h"
#include "harness/rules/rules.h"
#include "harness/skill/named_files.h"

namespace skillaudit {

namespace {

/// Whether another step, or what it left running, ran the program that the step runs:
/// "lib/watch.sh".
bool ran_elsewhere(const Step& step, const Evidence& evidence) {
  const auto file = std::find_if(
      evidence.skill.files.begin(), evidence.skill.files.end(), [&](const SkillFile& each) {
        return step.name == each.path && mentions_file(step.command, each.path);
      });
  if (file == evidence.skill.files.end()) return false;
  const auto names_it = [&](const TraceEvent& event) {
    return event.kind == TraceKind::Exec && event.success &&
           std::any_of(event.arguments.begin(), event.arguments.end(),
                       [&](const std::string& word) { return word.ends_with("/" + file->path); });
  };
  return std::count_if(evidence.trace.events.begin(), evidence.trace.events.end(), names_it) > 1;
}

/// Empty for a step that was exercised.
std::string why_unexercised(const Step& step, const StepEnd& end, const Evidence& evidence) {
  if (!step.ran)
    return "did not run: " + as_code(step.reason_not_run.empty() ? std::string("no reason given")
                                                                 : step.reason_not_run,
                                     200);
  if (end.is_unexercised()) return what_it_wants(end);
  const bool ours = step.tentative || !step.in_words.empty();
  const bool failed =
      end.cause != StepCause::Serving && step.exit_code.value_or(0) != step.expected_exit;
  if (ours && step.hung && ran_elsewhere(step, evidence)) return {};
  if (ours && step.hung) return "waited for something";
  return ours && failed ? "failed, as the audit read it" : std::string();
}

}  // namespace

std::string what_it_wants(const StepEnd& end) {
  const auto named = [&](std::string_view kind, std::string_view some) {
    return end.what.empty() ? std::string(some) : fmt::format("{}{}", kind, as_code(end.what));
  };
  switch (end.cause) {
    case StepCause::LacksProgram:
      return fmt::format("needs {}, which this machine lacks", named("", "a program"));
    case StepCause::LacksModule:
      return fmt::format("needs {}, which this machine lacks", named("the module ", "a module"));
    case StepCause::LacksFile:
      return fmt::format("needs {}, which is not on this machine", named("", "a file"));
    case StepCause::LacksHost:
      return "needs a host that cannot be reached from here";
    case StepCause::LacksDisplay:
      return "needs a display or a terminal, which this machine lacks";
    case StepCause::LacksCredential:
      return fmt::format("needs {}, which nobody set", named("", "a credential"));
    case StepCause::Usage:
      return "asks for arguments";
    default:
      return {};
  }
}

std::vector<Unexercised> unexercised_parts(const Evidence& evidence,
                                           const std::vector<StepEnd>& ends) {
  const std::vector<Step>& steps = evidence.execution.steps;
  std::vector<Unexercised> parts;
  if (!evidence.agent.name.empty()) return parts;  // agent_gaps() tells of an agent's work
  const bool was_blocked =
      std::any_of(evidence.flows.begin(), evidence.flows.end(),
                  [](const Flow& flow) { return !flow.allowed && !flow.answered; });
  for (std::size_t i = 0; i < steps.size() && i < ends.size(); ++i) {
    if (ends[i].tried_again) continue;
    Unexercised part{.step = i,
                     .why = why_unexercised(steps[i], ends[i], evidence),
                     .reach = reach_of_command(steps[i].command, evidence.skill)};
    const bool asked = was_blocked && part.reach.test(static_cast<std::size_t>(Reach::Network));
    if (part.why.empty() ? asked : ends[i].cause == StepCause::LacksHost) {
      // What it sends was seen; what it does with an answer was not.
      for (const Reach seen : {Reach::Network, Reach::Credentials})
        part.reach.reset(static_cast<std::size_t>(seen));
      part.lacks_answer = true;
      if (part.why.empty()) part.why = "asked a host that cannot answer from here";
    }
    if (steps[i].example) part.reach = reach_of_example(part.reach, steps[i].command);
    if (part.why.empty() || part.reach.none() || is_exercised_in_a_world(steps[i], evidence))
      continue;
    parts.push_back(std::move(part));
  }
  return parts;
}

std::string reach_in_words(const Unexercised& part) {
  return part.reach.all() ? "anything: it is no text" : in_words(part.reach);
}

std::vector<Gap> unexercised_steps(const Evidence& evidence, const std::vector<StepEnd>& ends) {
  std::vector<Gap> gaps;
  for (const Unexercised& part : unexercised_parts(evidence, ends))
    gaps.push_back(Gap::not_exercised(
        GapSource::Execution, fmt::format("not exercised: the step {} {}; its code could reach {}",
                                          as_code(evidence.execution.steps[part.step].name),
                                          part.why, reach_in_words(part))));
  return gaps;
}

}  // namespace skillaudit
