#include "harness/runner/plan.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/evidence/words_only.h"
#include "harness/runner/script_command.h"
#include "harness/runner/word_steps.h"
#include "harness/skill/markdown_blocks.h"
#include "harness/words/shell_block.h"

namespace skillaudit {
namespace {

constexpr std::size_t kLongestName = 80;

/// The command's first line; with a number if an earlier step has the same name.
std::string name_of_command(std::string_view command, const std::vector<PlannedStep>& steps) {
  command = trim(command);
  const std::string name = shorten(trim(command.substr(0, command.find('\n'))), kLongestName);
  const auto is_taken = [&](const std::string& wanted) {
    return std::any_of(steps.begin(), steps.end(),
                       [&](const PlannedStep& step) { return step.name == wanted; });
  };
  if (!is_taken(name)) return name;
  for (std::size_t number = 2;; ++number)
    if (std::string numbered = fmt::format("{} #{}", name, number); !is_taken(numbered))
      return numbered;
}

std::vector<PlannedStep> steps_of_commands(const std::vector<std::string>& commands) {
  std::vector<PlannedStep> steps;
  for (const std::string& command : commands) {
    if (trim(command).empty()) fail(ErrorKind::Usage, "--cmd is empty: give the command to run");
    PlannedStep step;
    step.name = name_of_command(command, steps);
    step.command = command;
    steps.push_back(std::move(step));
  }
  return steps;
}

std::vector<PlannedStep> steps_of_scenarios(const std::vector<Scenario>& scenarios) {
  std::vector<PlannedStep> steps;
  for (const Scenario& scenario : scenarios)
    steps.push_back({scenario.name, scenario.command, scenario.standard_input,
                     scenario.expected_exit, scenario.timeout_s, ""});
  return steps;
}

std::vector<PlannedStep> steps_of_blocks(const Skill& skill) {
  std::vector<PlannedStep> steps;
  for (const SkillText& text : skill.texts) {
    if (text.path != "SKILL.md") continue;
    for (const CodeBlock& block : code_blocks(text.text)) {
      const BlockCommand command = command_of(block);
      if (command.command.empty() && command.reason_not_run.empty()) continue;
      PlannedStep step;
      step.name = fmt::format("SKILL.md:{}", block.line);
      step.command = command.command;
      step.reason_not_run = command.reason_not_run;
      steps.push_back(std::move(step));
    }
  }
  return steps;
}

void add_scripts(const Skill& skill, std::vector<PlannedStep>& steps) {
  const std::size_t blocks = steps.size();
  for (const SkillFile& file : skill.files) {
    const auto text = std::find_if(skill.texts.begin(), skill.texts.end(),
                                   [&](const SkillText& t) { return t.path == file.path; });
    const ScriptCommand script =
        command_of_script(file, text == skill.texts.end() ? nullptr : &*text);
    if (script.command.empty() && script.reason_not_run.empty()) continue;
    const bool ran = std::any_of(
        steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(blocks), [&](const auto& step) {
          return step.reason_not_run.empty() && mentions_file(step.command, file.path);
        });
    if (ran) continue;
    PlannedStep step;
    step.name = file.path;
    step.command = script.command;
    step.reason_not_run = script.reason_not_run;
    steps.push_back(std::move(step));
  }
}

void cap(std::vector<PlannedStep>& steps) {
  if (steps.size() <= kMaximumSteps) return;
  PlannedStep rest;
  rest.name = fmt::format("{} more steps", steps.size() - kMaximumSteps);
  rest.reason_not_run = fmt::format("a walkthrough runs at most {} steps", kMaximumSteps);
  steps.resize(kMaximumSteps);
  steps.push_back(std::move(rest));
}

std::string why_nothing_runs(const std::vector<PlannedStep>& steps) {
  if (steps.empty())
    return "there is nothing to run: SKILL.md has no shell code block and scripts/ has no script. "
           "Give --cmd, or add a scenario to audit.yaml";
  if (std::all_of(steps.begin(), steps.end(),
                  [](const PlannedStep& step) { return !step.reason_not_run.empty(); }))
    return fmt::format(
        "{} of SKILL.md and scripts/ cannot run as written (first: {}: {}). Give --cmd, or add a "
        "scenario to audit.yaml",
        steps.size() == 1 ? "the one step" : fmt::format("all {} steps", steps.size()),
        printable(steps[0].name), steps[0].reason_not_run);
  return {};
}

}  // namespace

Plan make_plan(const Skill& skill, const std::vector<std::string>& commands) {
  if (!commands.empty()) return {"command", steps_of_commands(commands), ""};
  if (!skill.scenarios.empty()) return {"command", steps_of_scenarios(skill.scenarios), ""};
  Plan plan{"walkthrough", steps_of_blocks(skill), ""};
  add_in_order(steps_of_words(skill), plan.steps);
  add_scripts(skill, plan.steps);
  cap(plan.steps);
  plan.not_exercised = not_interpreted(skill);
  if (plan.steps.empty() && plan.not_exercised.empty() && !has_program(skill))
    plan.runner = kWordsOnly;
  else
    plan.nothing_to_run = why_nothing_runs(plan.steps);
  return plan;
}

Plan plan_scenario(const Skill& skill, const std::string& name) {
  std::vector<std::string> names;
  for (const Scenario& scenario : skill.scenarios) {
    if (scenario.name == name) return {"command", steps_of_scenarios({scenario}), ""};
    names.push_back(scenario.name);
  }
  const std::string near = nearest(name, names);
  fail(ErrorKind::Usage, "audit.yaml of {} has no scenario `{}`: {}", printable(skill.name),
       printable(name),
       near.empty() ? "give the name of an existing scenario"
                    : "did you mean `" + printable(near) + "`?");
}

}  // namespace skillaudit
