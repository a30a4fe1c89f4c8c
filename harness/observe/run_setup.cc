#include "harness/observe/run_setup.h"

#include <fmt/core.h>

#include <chrono>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/evidence/runner_names.h"
#include "harness/observe/run_plan.h"

namespace skillaudit {

using std::chrono::milliseconds;

void run_setup(const Observation& observation, const Subject& subject, Progress& progress) {
  Plan plan{kCommand, {}, ""};
  for (const std::string& command : observation.setup) {
    PlannedStep step;
    step.name = step.command = command;
    plan.steps.push_back(std::move(step));
  }
  const Execution done =
      run_plan(plan, subject.guest,
               {.working_directory = observation.working_directory,
                .timeout = milliseconds(static_cast<long long>(observation.timeout_s * 1000)),
                .environment = subject.home.environment,
                .still_alive = [&] { return !subject.ending(milliseconds(0)); },
                .on_step = [&](const Step& step) { progress.detail(printable(step.command)); }});
  if (!done.aborted.empty()) fail(ErrorKind::Evidence, "{}", done.aborted);
  for (const Step& step : done.steps) {
    if (step.ran && step.exit_code == 0) continue;
    const std::string_view said = trim(step.err.empty() ? step.out : step.err);
    fail(ErrorKind::Skill, "the setup command `{}` of audit.yaml failed{}: {}",
         shorten(step.command, 200),
         step.exit_code ? fmt::format(" with exit code {}", *step.exit_code) : "",
         said.empty() ? "it printed nothing" : shorten(said.substr(said.rfind('\n') + 1), 300));
  }
}

}  // namespace skillaudit
