#include "harness/runner/plan.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/evidence/runner_names.h"
#include "harness/runner/asks_person.h"
#include "harness/runner/block_steps.h"
#include "harness/runner/module_calls.h"
#include "harness/runner/python_module.h"
#include "harness/runner/script_command.h"
#include "harness/runner/word_steps.h"
#include "harness/skill/named_files.h"

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
    if (scenario.prompts.empty())
      steps.push_back({scenario.name, scenario.command, scenario.standard_input,
                       scenario.expected_exit, scenario.timeout_s, ""});
  return steps;
}

bool is_run_by(const std::vector<PlannedStep>& steps, std::size_t count, const std::string& path) {
  return std::any_of(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(count),
                     [&](const PlannedStep& step) {
                       return step.reason_not_run.empty() && mentions_file(step.command, path);
                     });
}

/// Whether a program of Python imports from a package that lies in the skill's folder, and not
/// beside the program: "from scripts.utils import x" in scripts/run.py.
bool imports_from_skill_folder(const SkillText& text, const Skill& skill) {
  if (!text.path.ends_with(".py")) return false;
  const std::vector<std::string> packages = packages_imported(text.text);
  const std::string beside = text.path.substr(0, text.path.rfind('/') + 1);
  const auto has = [&](const std::string& folder) {
    return std::any_of(skill.files.begin(), skill.files.end(), [&](const SkillFile& file) {
      return file.path.starts_with(folder + "/") && file.path.ends_with(".py");
    });
  };
  return !beside.empty() && std::any_of(packages.begin(), packages.end(), [&](const auto& name) {
    return has(name) && !has(beside + name);
  });
}

/// Each program of the skill that no earlier step runs, and the functions of modules that are none.
void add_programs(const Skill& skill, std::vector<PlannedStep>& steps) {
  const std::size_t documented = steps.size();
  for (const SkillFile& file : skill.files) {
    const auto found = std::find_if(skill.texts.begin(), skill.texts.end(),
                                    [&](const SkillText& t) { return t.path == file.path; });
    const SkillText* text = found == skill.texts.end() ? nullptr : &*found;
    ScriptCommand script = command_of_script(file, text);
    if (script.command.empty() && script.reason_not_run.empty()) continue;
    // Who runs a module runs none of its functions.
    if (const ModuleCalls calls = text ? module_calls(*text) : ModuleCalls();
        !calls.command.empty()) {
      PlannedStep step;
      step.name = calls.name;
      step.command = calls.command;
      step.tentative = true;
      steps.push_back(std::move(step));
      continue;
    }
    if (is_run_by(steps, documented, file.path)) continue;
    PlannedStep step;
    step.name = file.path;
    step.command = std::move(script.command);
    step.reason_not_run = std::move(script.reason_not_run);
    if (text && !step.command.empty() && imports_from_skill_folder(*text, skill)) {
      step.command = "PYTHONPATH=. " + step.command;
      step.in_skill_folder = true;
    }
    // What lies elsewhere may be a part of another program, or a service's.
    step.tentative = !file.path.starts_with("scripts/");
    steps.push_back(std::move(step));
  }
}

void cap(std::vector<PlannedStep>& steps) {
  if (steps.size() <= kMaximumSteps) return;
  PlannedStep rest;
  rest.name = fmt::format("{} more steps", steps.size() - kMaximumSteps);
  rest.reason_not_run = fmt::format("a walkthrough runs at most {} steps", kMaximumSteps);
  // What they would have done is judged by their code.
  for (std::size_t i = kMaximumSteps; i < steps.size(); ++i)
    rest.command += steps[i].command + "\n";
  steps.resize(kMaximumSteps);
  steps.push_back(std::move(rest));
}

/// Whether all that was found are blocks that this machine has no interpreter for and that could
/// not harm: a guide to a language, which an agent reads as it reads words.
bool shows_code_alone(const Skill& skill, const std::vector<PlannedStep>& steps) {
  return std::all_of(steps.begin(), steps.end(), [&](const PlannedStep& step) {
    const ReachSet reach = reach_of_command(step.command, skill);
    return step.fragment && !step.reason_not_run.empty() &&
           (step.example ? reach_of_example(reach, step.command) : reach).none();
  });
}

Plan walkthrough(const Skill& skill) {
  Plan plan{kWalkthrough, steps_of_blocks(skill), ""};
  add_in_order(steps_of_words(skill), plan.steps);
  add_programs(skill, plan.steps);
  cap(plan.steps);
  plan.not_exercised = not_interpreted(skill);
  if (shows_code_alone(skill, plan.steps)) plan.steps.clear();
  for (PlannedStep& step : plan.steps) {
    if (!step.reason_not_run.empty() || !step.standard_input.empty() ||
        !command_asks_person(step.command, skill))
      continue;
    step.standard_input = kAgreeing;
    step.tentative = true;  // what we type is our guess
  }
  if (!plan.steps.empty()) return plan;
  if (plan.not_exercised.empty() && !has_program(skill))
    plan.runner = kWordsOnly;
  else
    plan.nothing_to_run =
        "there is nothing to run: SKILL.md has no code to run and the skill has no program. Give "
        "--cmd, or add a scenario to audit.yaml";
  return plan;
}

bool is_in_scenario(const Skill& skill, const std::string& path) {
  return std::any_of(skill.scenarios.begin(), skill.scenarios.end(), [&](const Scenario& scenario) {
    return mentions_file(scenario.command, path);
  });
}

/// Whether a step runs programs of the skill, and the scenarios run each of them.
bool is_covered(const Skill& skill, const PlannedStep& step) {
  bool covered = false;
  for (const SkillFile& file : skill.files) {
    if (file.path == "SKILL.md" || !mentions_file(step.command, file.path)) continue;
    if (!is_in_scenario(skill, file.path)) return false;
    covered = true;
  }
  return covered;
}

/// The author's scenarios never replace the rest: what could harm and is in none of them runs as
/// well.
Plan with_scenarios(const Skill& skill) {
  Plan plan{kCommand, steps_of_scenarios(skill.scenarios), ""};
  Plan rest = walkthrough(skill);
  plan.not_exercised = std::move(rest.not_exercised);
  for (PlannedStep& step : rest.steps) {
    const bool only_reads = !step.in_words.empty() && step.command.starts_with("cat ");
    if (only_reads || is_covered(skill, step) || reach_of_command(step.command, skill).none())
      continue;
    step.tentative = true;
    plan.steps.push_back(std::move(step));
  }
  return plan;
}

}  // namespace

Plan make_plan(const Skill& skill, const std::vector<std::string>& commands) {
  if (!commands.empty()) return {kCommand, steps_of_commands(commands), ""};
  const bool none = std::all_of(skill.scenarios.begin(), skill.scenarios.end(),
                                [](const Scenario& each) { return !each.prompts.empty(); });
  return none ? walkthrough(skill) : with_scenarios(skill);
}

Plan plan_scenario(const Skill& skill, const std::string& name) {
  std::vector<std::string> names;
  for (const Scenario& scenario : skill.scenarios) {
    if (scenario.name == name) return {kCommand, steps_of_scenarios({scenario}), ""};
    names.push_back(scenario.name);
  }
  const std::string near = nearest(name, names);
  fail(ErrorKind::Usage, "audit.yaml of {} has no scenario `{}`: {}", printable(skill.name),
       printable(name),
       near.empty() ? "give the name of an existing scenario"
                    : "did you mean `" + printable(near) + "`?");
}

}  // namespace skillaudit
