#include "harness/audit/world_clone.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/audit/environment.h"
#include "harness/audit/observed_clone.h"
#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/bundle/write.h"
#include "harness/evidence/given_host.h"
#include "harness/evidence/run_samples.h"
#include "harness/observe/run_setup.h"
#include "harness/observe/run_skill.h"

namespace skillaudit {

namespace fs = std::filesystem;

Policy policy_of_world(Policy policy) {
  std::erase_if(policy.rules, [](const Rule& rule) { return rule.group != "mirrors"; });
  policy.answers.everybody = true;
  // Another history than the project's would be merged into it, which its own server never sends.
  policy.answers.stubs.push_back(
      {.request = parse_rule(fmt::format("GET https://{}/*?service=git-upload-pack", kProjectHost)),
       .replies = {{.status = 503,
                    .headers = {{"Content-Type", "text/plain"}},
                    .body = "Service unavailable\n"}}});
  return policy;
}

namespace {

WorldRun run_of(const Evidence& evidence) {
  return {.took_s = end_of_run(evidence),
          .in_time = std::ranges::none_of(evidence.execution.steps, &Step::timed_out)};
}

}  // namespace

WorldRun observe_world(MachineProvider& provider, const SandboxSpec& spec,
                       const Observation& observation, const WorldKind& world,
                       const Evidence& audit) {
  fs::create_directories(spec.evidence_dir);
  SilentProgress progress;
  Evidence evidence;
  evidence.skill = audit.skill;
  evidence.project = audit.project;
  evidence.started_at = audit.started_at;
  RawEvidence raw{.before = parse_frames({}), .after = parse_frames({}), .details = {}};
  Sandbox sandbox = Sandbox::open(provider, spec, progress);
  evidence.environment = describe(sandbox, audit.environment.network, audit.environment.skill_dir);
  note_machine(sandbox, evidence);
  if (world.judged) {
    observe_with_gaps(observation, sandbox, spec.evidence_dir, evidence, raw, progress, nullptr);
    sandbox.close();
    write_world(evidence, raw, spec.evidence_dir);
    return run_of(evidence);
  }
  raw.proxy_probe = sandbox.prepared().proxy_probe;
  const Subject subject = sandbox.subject();
  run_setup(observation, subject, progress);
  evidence.execution = run_skill(observation, subject, evidence.skill, false, progress);
  const std::string& aborted = evidence.execution.aborted;
  if (!aborted.empty()) fail(ErrorKind::Evidence, "{}", aborted);
  sandbox.close();
  write_compared(evidence, raw, spec.evidence_dir);
  return run_of(evidence);
}

Gap lost_world(const WorldKind& world, const fs::path& folder, const std::exception& error) {
  const auto* known = dynamic_cast<const Error*>(&error);
  if (known != nullptr && known->kind() == ErrorKind::Interrupted) throw;
  std::error_code ignored;
  fs::remove_all(folder, ignored);
  return Gap::lost(
      GapSource::Machine,
      fmt::format("The skill could not be run where {}: {}", world.what, printable(error.what())),
      {.world = std::string(world.name)});
}

}  // namespace skillaudit
