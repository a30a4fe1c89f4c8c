#include "harness/observe/run_skill.h"

#include <algorithm>

#include "harness/base/text.h"
#include "harness/evidence/runner_names.h"
#include "harness/observe/run_plan.h"
#include "harness/observe/step_keeper.h"
#include "harness/runner/arguments.h"
#include "harness/runner/other_runner.h"
#include "harness/runner/project_steps.h"

namespace skillaudit {
namespace {

using std::chrono::milliseconds;

/// The files of the home below a folder of it, relative to that.
std::vector<std::string> files_below(const std::string& folder, const Subject& subject) {
  std::vector<std::string> files;
  const std::string start = folder + "/";
  for (const HomeFile& file : subject.home.files)
    if (std::string path = subject.machine.facts().account.home + "/" + file.path;
        path.starts_with(start))
      files.push_back(path.substr(start.size()));
  return files;
}

}  // namespace

Execution run_skill(const Observation& observation, const Subject& subject, const Skill& skill,
                    bool by_agent, Progress& progress) {
  const auto on_step = [&](const Step& step) {
    const std::string command = shorten(printable(step.command), 100);
    // A command of the user's own is named after itself.
    progress.detail(step.name == step.command ? command : step.name + ": " + command);
  };
  const auto try_again = [&](const PlannedStep& planned,
                             const Step& step) -> std::optional<PlannedStep> {
    if (observation.plan.runner == kWalkthrough)
      if (auto again = with_other_runner(planned, step)) return again;
    if (planned.working_directory.empty() || !misses_skill_file(skill, step.out + "\n" + step.err))
      return observation.plan.runner == kWalkthrough
                 ? with_arguments(planned, step, skill,
                                  files_below(planned.working_directory, subject))
                 : std::nullopt;
    PlannedStep again = planned;
    again.name += " in the skill's folder";
    const std::vector<PlannedStep>& steps = observation.plan.steps;
    if (std::any_of(steps.begin(), steps.end(),
                    [&](const PlannedStep& each) { return each.name == again.name; }))
      return std::nullopt;  // it is planned
    again.working_directory.clear();
    return again;
  };
  PortWitness witness(subject.machine.port());
  // An agent waits for its model, and is ended by its limit alone.
  StepKeeper keeper(witness, subject.session, skill, !by_agent);
  return run_plan(observation.plan, subject.guest,
                  {.working_directory = observation.working_directory,
                   .timeout = milliseconds(static_cast<long long>(observation.timeout_s * 1000)),
                   .environment = subject.home.environment,
                   .try_again = try_again,
                   .keeper = &keeper,
                   .still_alive = [&] { return !subject.ending(milliseconds(0)); },
                   .on_step = on_step});
}

}  // namespace skillaudit
