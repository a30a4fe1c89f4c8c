#include "harness/observe/observe.h"

#include <fmt/core.h>

#include <chrono>

#include "harness/base/error.h"
#include "harness/observe/boot_check.h"
#include "harness/observe/guest_state.h"
#include "harness/observe/not_watched.h"
#include "harness/observe/run_setup.h"
#include "harness/observe/run_skill.h"
#include "harness/observe/tracing.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
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

void observe(const Observation& observation, const Subject& given, const fs::path& bundle,
             Evidence& evidence, RawEvidence& raw, Progress& progress) {
  const MachineFacts& facts = given.machine.facts();
  append(evidence.gaps, not_watched(facts.can));
  raw.proxy_probe = given.prepared.proxy_probe;
  raw.before = state_before(given.base, given.prepared);
  Prepared prepared = given.prepared;
  if (!observation.setup.empty()) {
    progress.stage("Setting up");
    run_setup(observation, given, progress);
    PortWitness witness(given.machine.port());
    StateNow now = capture_now(given, witness, raw.before);
    raw.before = std::move(now.tables);
    prepared.digests = now.digests + prepared.digests;  // the first row of a path counts
  }
  const Subject subject{given.machine, given.guest, given.session, given.access,
                        given.base,    prepared,    given.home,    given.ending};
  if (observation.before_the_skill) observation.before_the_skill();

  Tracing tracing(subject, bundle, raw.trace);
  if (facts.can.trace) begin_trace(tracing, evidence);
  progress.stage("Running the skill");
  evidence.execution =
      run_skill(observation, subject, evidence.skill, !evidence.agent.name.empty(), progress);
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
  AfterState after = capture_after(subject, witness, before, observation.wanted_texts);
  tracing.close();
  evidence.boot.because = read_at_boot(before, after.parsed, facts.account.home);
  raw.parsed = {std::move(before), std::move(after.parsed)};
  keep(std::move(after), evidence, raw);
  look_at_next_boot(observation, subject, witness, bundle, evidence, raw, progress);
}

}  // namespace skillaudit
