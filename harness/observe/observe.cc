#include "harness/observe/observe.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/evidence/runner_names.h"
#include "harness/observe/boot_check.h"
#include "harness/observe/guest_state.h"
#include "harness/observe/not_watched.h"
#include "harness/observe/run_plan.h"
#include "harness/observe/step_keeper.h"
#include "harness/observe/tracing.h"
#include "harness/runner/arguments.h"
#include "harness/runner/project_steps.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// How long the witness at the port may take to say that it is there: a guest that a skill keeps
/// busy is slow.
constexpr seconds kWitnessPatience{20};

/// A guest whose kernel does not trace is audited all the same, with a gap.
void begin_trace(Tracing& tracing, Evidence& evidence) {
  try {
    tracing.begin(evidence.decoys, evidence.canaries);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Evidence) throw;
    evidence.gaps.push_back(
        Gap::lost(GapSource::Trace,
                  fmt::format("The guest's processes could not be traced: {}", error.what())));
  }
}

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

Execution run_steps(const Observation& observation, const Subject& subject,
                    const Evidence& evidence, Progress& progress) {
  const auto on_step = [&](const Step& step) {
    const std::string command = shorten(printable(step.command), 100);
    // A command of the user's own is named after itself.
    progress.detail(step.name == step.command ? command : step.name + ": " + command);
  };
  const Skill& skill = evidence.skill;
  const auto try_again = [&](const PlannedStep& planned,
                             const Step& step) -> std::optional<PlannedStep> {
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
  StepKeeper keeper(witness, subject.session, skill, evidence.agent.name.empty());
  return run_plan(observation.plan, subject.guest,
                  {.working_directory = observation.working_directory,
                   .timeout = milliseconds(static_cast<long long>(observation.timeout_s * 1000)),
                   .environment = subject.home.environment,
                   .try_again = try_again,
                   .keeper = &keeper,
                   .still_alive = [&] { return !subject.ending(milliseconds(0)); },
                   .on_step = on_step});
}

void keep(AfterState after, Evidence& evidence, RawEvidence& raw) {
  raw.after = std::move(after.tables);
  raw.details = std::move(after.details);
  raw.digests = std::move(after.digests);
  raw.digests_before = std::move(after.digests_before);
  raw.decoy_copies = std::move(after.decoy_copies);
  raw.agent_files = std::move(after.agent_files);
  raw.guest_view = std::move(after.guest_view);
  raw.guest_asked = std::move(after.guest_asked);
  evidence.edited_files = std::move(after.edited_files);
  append(evidence.gaps, after.gaps);
}

/// Boots the machine again where the run changed what a boot reads.
void look_at_next_boot(const Observation& observation, const Subject& subject, Witness& witness,
                       const fs::path& bundle, Evidence& evidence, RawEvidence& raw,
                       Progress& progress) {
  BootCheck& boot = evidence.boot;
  if (boot.because.empty()) return;
  if (!observation.check_boot) {
    boot.problem = "the VM is kept as the skill left it";
    return;
  }
  if (!subject.machine.facts().can.reboot) {
    boot.problem = "this machine cannot boot again";
    evidence.gaps.push_back(Gap::not_watched(GapSource::Boot,
                                             "The run changed files that are read at boot, but "
                                             "this VM cannot be rebooted to observe the effect."));
    return;
  }
  check_boot(subject, witness, bundle, progress, boot, raw.boot);
  if (boot.came_up && !boot.problem.empty())
    evidence.gaps.push_back(
        Gap::lost(GapSource::Boot,
                  fmt::format("What runs after the next boot was not observed: {}", boot.problem)));
}

}  // namespace

void observe(const Observation& observation, const Subject& subject, const fs::path& bundle,
             Evidence& evidence, RawEvidence& raw, Progress& progress) {
  const MachineFacts& facts = subject.machine.facts();
  append(evidence.gaps, not_watched(facts.can));
  raw.proxy_probe = subject.prepared.proxy_probe;
  raw.before = state_before(subject.base, subject.prepared);
  if (observation.before_the_skill) observation.before_the_skill();

  Tracing tracing(subject, bundle, raw.trace);
  if (facts.can.trace) begin_trace(tracing, evidence);
  progress.stage("Running the skill");
  evidence.execution = run_steps(observation, subject, evidence, progress);
  if (!evidence.execution.aborted.empty())
    fail(ErrorKind::Evidence, "{}", evidence.execution.aborted);

  progress.stage("Capturing the state after");
  PortWitness left(subject.machine.port());
  SshWitness sent(subject.guest);
  const bool answers = left.answers(kWitnessPatience);
  if (!answers) expect_alive(subject);
  evidence.witness_lost = !answers;
  Witness& witness = evidence.witness_lost ? static_cast<Witness&>(sent) : left;
  tracing.end(witness);
  Snapshot before = parse_snapshot(raw.before);
  AfterState after = capture_after(subject, witness, before);
  tracing.close();
  evidence.boot.because = read_at_boot(before, after.parsed, facts.account.home);
  raw.parsed = {std::move(before), std::move(after.parsed)};
  keep(std::move(after), evidence, raw);
  look_at_next_boot(observation, subject, witness, bundle, evidence, raw, progress);
}

}  // namespace skillaudit
