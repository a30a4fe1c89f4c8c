#include "harness/runner/surroundings.h"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/evidence/runner_names.h"
#include "harness/runner/script_command.h"
#include "harness/skill/named_files.h"

namespace skillaudit {
namespace {

constexpr std::size_t kLongestName = 80;

const SkillText* text_of(const Skill& skill, const std::string& path) {
  const auto found = std::find_if(skill.texts.begin(), skill.texts.end(),
                                  [&](const SkillText& each) { return each.path == path; });
  return found == skill.texts.end() ? nullptr : &*found;
}

[[noreturn]] void refuse_unit(const Skill& skill, const UnitArguments& given,
                              const std::string& problem) {
  std::vector<std::string> programs;
  for (const SkillFile& file : skill.files)
    if (!command_of_script(file, text_of(skill, file.path)).command.empty())
      programs.push_back(file.path);
  const std::string near = nearest(given.unit, programs);
  const std::string mend = !near.empty()      ? "did you mean `" + printable(near) + "`?"
                           : programs.empty() ? "the skill has no program"
                           : programs.size() > 8
                               ? "give the path of a program in the skill's folder"
                               : "its programs are " + printable(join(programs, ", "));
  const std::string text =
      fmt::format("`{}` {} of {}: {}", printable(given.unit), problem, printable(skill.name), mend);
  if (given.place.empty()) fail(ErrorKind::Usage, "--arg: {}", text);
  fail(ErrorKind::Skill, "{}: {}", given.place, text);
}

bool has_step(const Plan& plan, const std::string& name) {
  return std::any_of(plan.steps.begin(), plan.steps.end(),
                     [&](const PlannedStep& step) { return step.name == name; });
}

using Variables = std::vector<std::pair<std::string, std::string>>;

bool names(const Variables& variables, const std::string& name) {
  return std::any_of(variables.begin(), variables.end(),
                     [&](const auto& each) { return each.first == name; });
}

/// Those of the scenario over those of the whole audit.yaml; without what the options set.
Variables variables_of(const Skill& skill, const Scenario* scenario, const Surroundings& given) {
  Variables all;
  if (scenario) all = scenario->surroundings.environment;
  for (const auto& each : skill.surroundings.environment)
    if (!names(all, each.first)) all.push_back(each);
  std::erase_if(all, [&](const auto& each) { return names(given.environment, each.first); });
  return all;
}

const Scenario* scenario_of(const Skill& skill, const Plan& plan, const PlannedStep& step) {
  if (plan.runner != kCommand) return nullptr;
  const auto found = std::find_if(skill.scenarios.begin(), skill.scenarios.end(),
                                  [&](const Scenario& each) { return each.name == step.name; });
  return found == skill.scenarios.end() ? nullptr : &*found;
}

}  // namespace

void add_given_arguments(Plan& plan, const Skill& skill, const std::vector<UnitArguments>& given) {
  for (const UnitArguments& each : given) {
    const auto file = std::find_if(skill.files.begin(), skill.files.end(),
                                   [&](const SkillFile& f) { return f.path == each.unit; });
    if (file == skill.files.end()) refuse_unit(skill, each, "is not a file");
    ScriptCommand script = command_of_script(*file, text_of(skill, file->path));
    if (script.command.empty() && script.reason_not_run.empty())
      refuse_unit(skill, each, "is not a program");
    PlannedStep step;
    step.command = std::move(script.command);
    step.name = each.unit;
    for (const std::string& word : each.arguments) {
      step.command += " " + shell_quote(word);
      step.name += " " + printable(word);
    }
    step.name = shorten(step.name, kLongestName);
    step.reason_not_run = std::move(script.reason_not_run);
    if (has_step(plan, each.unit)) step.again = each.unit;
    const std::string name = step.name;
    for (int number = 2; has_step(plan, step.name); ++number)
      step.name = fmt::format("{} #{}", name, number);
    plan.steps.push_back(std::move(step));
  }
  if (given.empty() || plan.steps.empty()) return;
  plan.nothing_to_run.clear();
  if (plan.runner == kWordsOnly) plan.runner = kWalkthrough;
}

std::string resolve_folder(const std::string& folder, const StepPlaces& places,
                           const std::string& home) {
  const auto below = [&](std::string_view start, const std::string& place) {
    return place + folder.substr(start.size());
  };
  if (folder.starts_with("{project}")) return below("{project}", places.project);
  if (folder.starts_with("{skill}")) return below("{skill}", places.skill);
  if (folder.starts_with("~")) return below("~", home);
  return folder;
}

void arrange_steps(Plan& plan, const Skill& skill, const Surroundings& given,
                   const StepPlaces& places, const std::string& home, bool twins) {
  std::vector<PlannedStep> bare;
  for (PlannedStep& step : plan.steps) {
    const Scenario* scenario = scenario_of(skill, plan, step);
    const Surroundings& authors = skill.surroundings;
    const PlannedStep before = step;
    step.environment = variables_of(skill, scenario, given);
    if (step.standard_input.empty())
      step.standard_input =
          given.standard_input.empty() ? authors.standard_input : given.standard_input;
    step.terminal = authors.terminal || (scenario && scenario->surroundings.terminal);
    const bool is_steered =
        !step.environment.empty() || step.terminal ||
        (given.standard_input.empty() && step.standard_input != before.standard_input);
    step.terminal = step.terminal || given.terminal;
    std::string folder = given.working_directory;
    if (folder.empty() && scenario) folder = scenario->surroundings.working_directory;
    if (folder.empty() && plan.runner == kCommand) folder = authors.working_directory;
    if (!folder.empty() && step.working_directory.empty())
      step.working_directory = resolve_folder(folder, places, home);
    if (!twins || !is_steered || !step.again.empty() || !step.reason_not_run.empty() ||
        reach_of_command(step.command, skill).none())
      continue;
    PlannedStep twin = before;
    twin.name += " without the settings of audit.yaml";
    twin.working_directory = step.working_directory;
    twin.terminal = given.terminal;
    if (twin.standard_input.empty()) twin.standard_input = given.standard_input;
    twin.tentative = true;
    step.again = twin.name;
    bare.push_back(std::move(twin));
  }
  plan.steps.insert(plan.steps.end(), std::make_move_iterator(bare.begin()),
                    std::make_move_iterator(bare.end()));
}

void add_setup_steps(Plan& plan, const std::vector<std::string>& setup) {
  std::vector<PlannedStep> steps;
  for (const std::string& command : setup) {
    PlannedStep step;
    step.name = setup.size() == 1 ? "setup" : fmt::format("setup {}", steps.size() + 1);
    step.command = command;
    steps.push_back(std::move(step));
  }
  plan.steps.insert(plan.steps.begin(), std::make_move_iterator(steps.begin()),
                    std::make_move_iterator(steps.end()));
}

}  // namespace skillaudit
