#include "harness/audit/audit.h"

#include <fmt/format.h>

#include <chrono>

#include "harness/analysis/assess.h"
#include "harness/analysis/changes.h"
#include "harness/analysis/rubric.h"
#include "harness/audit/boot_check.h"
#include "harness/audit/bundle_evidence.h"
#include "harness/audit/growing_bundle.h"
#include "harness/audit/guest_state.h"
#include "harness/audit/keeper.h"
#include "harness/audit/requirements.h"
#include "harness/audit/sandbox.h"
#include "harness/audit/tracing.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/base/interrupt.h"
#include "harness/base/text.h"
#include "harness/base/version.h"
#include "harness/runner/agent_plan.h"
#include "harness/runner/run_plan.h"
#include "harness/skill/load.h"
#include "reports/render.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// Passes stages on and notes how long each took.
class Stopwatch : public Progress {
 public:
  Stopwatch(Progress& inner, std::vector<StageTime>& times) : inner_(inner), times_(times) {}
  void stage(const std::string& title) override {
    end();
    inner_.stage(title);
    times_.push_back({title, 0});
    started_ = std::chrono::steady_clock::now();
  }
  void detail(const std::string& text) override { inner_.detail(text); }
  void finish() override {
    end();
    inner_.finish();
  }

 private:
  void end() {
    if (times_.empty() || !started_) return;
    times_.back().seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - *started_).count();
    started_.reset();
  }
  Progress& inner_;
  std::vector<StageTime>& times_;
  std::optional<std::chrono::steady_clock::time_point> started_;
};

Environment describe(const AuditSpec& spec, Sandbox& sandbox) {
  const QemuSpec& machine = sandbox.machine().spec();
  return {.skillaudit_version = kVersion,
          .os = sandbox.base().os,
          .kernel = sandbox.base().kernel,
          .accelerator = std::string(name_of(machine.accelerator)),
          .qemu_version = qemu_version(),
          .image = sandbox.image().name + " " + sandbox.image().id,
          .cpus = machine.cpus,
          .memory_mib = machine.memory_mib,
          .disk_mib = sandbox.machine().disk_mib(),
          .guest_user = kGuestUser,
          .guest_home = kGuestHome,
          .network = spec.network,
          .rules = rule_lines(spec.policy),
          .files_seen_from = sandbox.base().disk_readable ? "disk" : "guest"};
}

/// How long the witness at the port may take to say that it is there: a guest that a skill keeps
/// busy is slow.
constexpr seconds kWitnessPatience{20};

/// The part in which the guest takes part: whatever fails here is missing evidence.
void observe(const AuditSpec& spec, const Plan& plan, Sandbox& sandbox, const fs::path& bundle,
             Evidence& evidence, RawEvidence& raw, Progress& progress, Keeper& keeper) {
  SshSession& guest = sandbox.guest();
  raw.proxy_probe = sandbox.prepared().proxy_probe;
  raw.before = state_before(sandbox);
  keeper.before_the_skill(progress);

  Tracing tracing(sandbox, bundle, raw.trace);
  try {
    tracing.begin(evidence.decoys);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Evidence) throw;
    evidence.gaps.push_back(
        fmt::format("What the guest's processes do could not be traced: {}", error.what()));
  }

  progress.stage("Running the skill");
  evidence.execution =
      run_plan(plan, guest,
               {.skill_dir = evidence.environment.skill_dir,
                .timeout = milliseconds(static_cast<long long>(spec.timeout_s * 1000)),
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
  evidence.witness_lost = !left.answers(kWitnessPatience);
  Witness& witness = evidence.witness_lost ? static_cast<Witness&>(sent) : left;
  tracing.end(witness);
  AfterState after = capture_after(sandbox, witness, raw.before);
  tracing.close();
  raw.after = std::move(after.tables);
  raw.details = std::move(after.details);
  raw.digests = std::move(after.digests);
  raw.decoy_copies = std::move(after.decoy_copies);
  raw.guest_view = std::move(after.guest_view);
  raw.guest_asked = std::move(after.guest_asked);
  evidence.gaps.insert(evidence.gaps.end(), after.gaps.begin(), after.gaps.end());
  evidence.boot.because = read_at_boot(parse_snapshot(raw.before), parse_snapshot(raw.after));
  if (!evidence.boot.because.empty()) {
    // A machine that is kept is kept as the skill left it.
    if (spec.keep != Keep::Never)
      evidence.boot.problem = "the machine was to be kept";
    else
      check_boot(sandbox, witness, bundle, progress, evidence.boot, raw.boot);
  }
}

}  // namespace

AuditResult run_audit(const AuditSpec& spec, Progress& outer) {
  Evidence evidence;
  // What was never captured is missing evidence, and reads so.
  RawEvidence raw{.before = parse_frames({}), .after = parse_frames({}), .details = {}};
  Stopwatch progress(outer, evidence.timing);
  evidence.started_at = utc_now();

  progress.stage("Reading the skill");
  evidence.skill = load_skill(spec.skill_folder);
  const Agent* agent = spec.agent.agent;
  const Plan plan = agent ? make_agent_plan(*agent, prompts_for(evidence.skill, spec.agent.prompts))
                          : make_plan(evidence.skill, spec.commands);
  require_audit_programs();
  GrowingBundle bundle(spec.bundle);

  Sandbox sandbox = Sandbox::open({.os = spec.os,
                                   .memory_mib = guest_memory(agent),
                                   .policy = spec.policy,
                                   .skill_folder = spec.skill_folder,
                                   .skill_name = evidence.skill.name,
                                   .agent = agent,
                                   .agent_key = agent ? draw_model_key(*agent) : "",
                                   .cold = spec.cold,
                                   .evidence_dir = bundle.path()},
                                  progress);
  evidence.environment = describe(spec, sandbox);
  evidence.environment.skill_dir = installed_skill(kGuestHome, evidence.skill.name, agent);
  Keeper keeper(spec.keep, sandbox);
  evidence.control = sandbox.base().control;
  evidence.decoys = sandbox.home().decoys;
  milliseconds patience{0};
  try {
    observe(spec, plan, sandbox, bundle.path(), evidence, raw, progress, keeper);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Evidence) throw;
    evidence.gaps.emplace_back(error.what());
    patience = Sandbox::kDying;
  }
  if (!plan.nothing_to_run.empty()) evidence.gaps.push_back(plan.nothing_to_run);
  if (const std::string died = sandbox.what_died(patience); !died.empty())
    evidence.gaps.push_back(died);

  keeper.after_the_audit(progress);
  progress.stage("Writing the report");
  sandbox.close();
  write_evidence(evidence, raw, bundle.path());
  check_interrupt();
  bundle.finish();
  AuditResult result = report_bundle(bundle.target());
  keeper.decide(result);
  progress.finish();
  return result;
}

AuditResult report_bundle(const fs::path& bundle) {
  AuditResult result{.bundle = bundle};
  result.evidence = load_evidence(bundle);
  result.assessment =
      assess(result.evidence, load_rubric(read_file(resource("reports/rubric.yaml"))));
  write_file(bundle / "report.md", render_markdown(result.evidence, result.assessment));
  write_file(bundle / "report.json", render_json(result.evidence, result.assessment));
  write_file(bundle / "timeline.jsonl", render_timeline(result.evidence, result.assessment));
  return result;
}

}  // namespace skillaudit
