#include "harness/observe/observe.h"

#include <fmt/core.h>

#include <chrono>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/base/version.h"
#include "harness/observe/boot_check.h"
#include "harness/observe/guest_state.h"
#include "harness/observe/run_plan.h"
#include "harness/observe/tracing.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// How long the witness at the port may take to say that it is there: a guest that a skill keeps
/// busy is slow.
constexpr seconds kWitnessPatience{20};

}  // namespace

Environment describe(Sandbox& sandbox, const Policy& policy, const std::string& network) {
  const QemuSpec& machine = sandbox.machine().spec();
  return {
      .skillaudit_version = kVersion,
      .os = sandbox.base().os,
      .kernel = sandbox.base().kernel,
      .accelerator = std::string(name_of(machine.accelerator)),
      .hypervisor = "QEMU",
      .hypervisor_version = qemu_version(),
      .image = sandbox.image().name + " " + sandbox.image().id,
      .cpus = machine.cpus,
      .memory_mib = machine.memory_mib,
      .disk_mib = sandbox.machine().disk_mib(),
      .guest_user = kGuestUser,
      .guest_home = kGuestHome,
      .addresses = {kGuestAddress, kGatewayAddress, kResolverAddress, kProxyAddress, kProxyPort},
      .network = network,
      .rules = rule_lines(policy),
      .files_seen_from = sandbox.base().disk_readable ? "disk" : "guest"};
}

void observe(const Observation& observation, Sandbox& sandbox, const fs::path& bundle,
             Evidence& evidence, RawEvidence& raw, Progress& progress) {
  SshSession& guest = sandbox.guest();
  raw.proxy_probe = sandbox.prepared().proxy_probe;
  raw.before = state_before(sandbox);
  if (observation.before_the_skill) observation.before_the_skill();

  Tracing tracing(sandbox, bundle, raw.trace);
  try {
    tracing.begin(evidence.decoys);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Evidence) throw;
    evidence.gaps.push_back(Gap::lost(
        GapSource::Trace,
        fmt::format("What the guest's processes do could not be traced: {}", error.what())));
  }

  progress.stage("Running the skill");
  evidence.execution =
      run_plan(observation.plan, guest,
               {.working_directory = observation.working_directory,
                .timeout = milliseconds(static_cast<long long>(observation.timeout_s * 1000)),
                .environment = sandbox.home().environment,
                .still_alive = [&] { return sandbox.alive(); },
                .on_step =
                    [&](const Step& step) {
                      progress.detail(step.name + ": " + shorten(printable(step.command), 100));
                    }});
  if (!evidence.execution.aborted.empty())
    fail(ErrorKind::Evidence, "{}", evidence.execution.aborted);

  progress.stage("Capturing the state after");
  PortWitness left(sandbox.machine().port());
  SshWitness sent(guest);
  const bool answers = left.answers(kWitnessPatience);
  if (!answers) sandbox.expect_alive();
  evidence.witness_lost = !answers;
  Witness& witness = evidence.witness_lost ? static_cast<Witness&>(sent) : left;
  tracing.end(witness);
  AfterState after = capture_after(sandbox, witness, raw.before);
  tracing.close();
  raw.after = std::move(after.tables);
  raw.details = std::move(after.details);
  raw.digests = std::move(after.digests);
  raw.decoy_copies = std::move(after.decoy_copies);
  raw.agent_files = std::move(after.agent_files);
  raw.guest_view = std::move(after.guest_view);
  raw.guest_asked = std::move(after.guest_asked);
  append(evidence.gaps, after.gaps);
  evidence.boot.because = read_at_boot(parse_snapshot(raw.before), parse_snapshot(raw.after));
  if (!evidence.boot.because.empty()) {
    // A machine that is kept is kept as the skill left it.
    if (!observation.check_boot)
      evidence.boot.problem = "the machine was to be kept";
    else
      check_boot(sandbox, witness, bundle, progress, evidence.boot, raw.boot);
    if (evidence.boot.came_up && !evidence.boot.problem.empty())
      evidence.gaps.push_back(Gap::lost(
          GapSource::Boot,
          fmt::format("What runs after the next boot was not seen: {}", evidence.boot.problem)));
  }
}

}  // namespace skillaudit
