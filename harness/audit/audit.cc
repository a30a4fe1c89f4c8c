#include "harness/audit/audit.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <functional>

#include "harness/analysis/gates.h"
#include "harness/analysis/harm.h"
#include "harness/audit/added_packages.h"
#include "harness/audit/agent_control.h"
#include "harness/audit/environment.h"
#include "harness/audit/further_audits.h"
#include "harness/audit/further_clones.h"
#include "harness/audit/keeper.h"
#include "harness/audit/model_end.h"
#include "harness/audit/observed_clone.h"
#include "harness/audit/planned_run.h"
#include "harness/audit/requirements.h"
#include "harness/audit/sandbox.h"
#include "harness/base/clock.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/interrupt.h"
#include "harness/base/text.h"
#include "harness/bundle/growing_bundle.h"
#include "harness/bundle/write.h"
#include "harness/changes/changes.h"
#include "harness/evidence/run_samples.h"
#include "harness/model/transcript.h"
#include "harness/observe/line_tracing.h"
#include "harness/observe/observe.h"
#include "harness/skill/load.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

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

Skill read_skill(const AuditSpec& spec) {
  Skill skill = load_skill(spec.skill_folder);
  skill.source = spec.source;
  return skill;
}

/// Why the lines are not measured; empty: they are.
std::string why_unmeasured(const AuditSpec& spec, const Evidence& evidence, const Plan& plan) {
  const bool any_code = std::any_of(
      plan.steps.begin(), plan.steps.end(),
      [](const PlannedStep& step) { return step.in_words.empty() && step.reason_not_run.empty(); });
  const bool has_own_rule = std::any_of(spec.policy.rules.begin(), spec.policy.rules.end(),
                                        [](const Rule& rule) { return rule.group != "mirrors"; });
  if (spec.lines == MeasureLines::Never) return evidence.lines.problem;
  if (!any_code && !has_lines(evidence.skill)) return "the skill has no code that was run";
  if (!evidence.agent.name.empty()) return "an agent ran the skill";
  if (!spec.lines_asked && !lines_could_harm(evidence.skill) && !gates_could_decide(evidence.skill))
    return "they could decide nothing here; `--coverage` measures them";
  if (spec.cold) return "the VM was not cloned";
  if (has_own_rule) return "a second run would ask the hosts again that your policy opens";
  return {};
}

/// Null where the lines are not measured; the evidence then says why.
std::unique_ptr<Steering> steering_of(MachineProvider& provider, const AuditSpec& spec,
                                      const PlannedRun& run, Evidence& evidence) {
  evidence.lines.problem = why_unmeasured(spec, evidence, run.observation.plan);
  if (!evidence.lines.problem.empty()) return nullptr;
  return std::make_unique<Steering>(provider, run.machine, run.observation, evidence.skill);
}

void finish(Steering& steering, Evidence& evidence, Progress& progress) {
  progress.stage("Measuring which lines run");
  // Where a processor was free it has ended by now. A gate that asks for lines wants them anyway.
  const double patience_s = 30 + 3 * end_of_run(evidence);
  evidence.lines = steering.finish(milliseconds(static_cast<long long>(patience_s * 1000)));
}

/// From what the proxy kept, in which no real key ever stood.
void record_model(const AgentSpec& spec, const AuditResult& result) {
  const Evidence& evidence = result.evidence;
  const auto read_kept = [&](const std::string& file) {
    return read_file(result.bundle / file, kMostModelBytes);
  };
  write_recording(spec.record,
                  record(read_exchanges(evidence.flows, read_kept), evidence.agent.name,
                         evidence.agent.version, evidence.skill.name),
                  redactions(evidence));
}

const Rubric& rubric_of(const AuditSpec& spec) {
  static const Rubric shipped = shipped_rubric();
  return spec.rubric ? *spec.rubric : shipped;
}

/// Null where the first clone is all. Further clones know no agent: they run what is given as code
/// or in words, as an audit without one does.
std::unique_ptr<FurtherClones> further_of(MachineProvider& provider, const AuditSpec& spec,
                                          const PlannedRun& first,
                                          const std::vector<MissingThing>& missing,
                                          const Evidence& evidence, const fs::path& aside) {
  if (spec.worlds.depth == Depth::Quick || spec.cold || spec.keep != Keep::Never ||
      !spec.scenario.empty())
    return nullptr;
  Evidence start;
  start.skill = evidence.skill;
  start.started_at = evidence.started_at;
  start.project = evidence.project;
  PlannedRun run = first;
  if (spec.agent.agent) {
    AuditSpec plain = spec;
    plain.agent = {};
    run = plan_run(plain, provider.account(), missing, start);
    run.machine.seed = first.machine.seed;
    run.machine.identity = first.machine.identity;
    run.machine.evidence_dir = first.machine.evidence_dir;
  }
  if (!run.observation.plan.nothing_to_run.empty()) return nullptr;
  start.environment.network = spec.network;
  start.environment.skill_dir = run.skill_dir;
  return std::make_unique<FurtherClones>(provider, spec.worlds, run.machine, run.observation, start,
                                         rubric_of(spec), aside);
}

/// What lets an agent reach the model's end.
void open_model(const ModelEnd& model, SandboxSpec& machine) {
  machine.policy.models.push_back(model.host());
  machine.model_keys = model.keys();
  machine.agent_key = model.decoy();
}

/// `missing`: what is added to the machine because an earlier audit lacked it. `goes_on`: asked at
/// the end whether there is more to do; none: there is not.
AuditResult audit_once(MachineProvider& provider, const AuditSpec& spec,
                       const std::vector<MissingThing>& missing, Progress& outer,
                       const GoesOn& goes_on) {
  Evidence evidence;
  // What was never captured is missing evidence, and reads so.
  RawEvidence raw{.before = parse_frames({}), .after = parse_frames({}), .details = {}};
  Stopwatch progress(outer, evidence.timing);
  evidence.started_at = utc_now();
  progress.stage("Reading the skill");
  evidence.skill = read_skill(spec);
  const Agent* agent = spec.agent.agent;
  PlannedRun run = plan_run(spec, provider.account(), missing, evidence);
  require_audit_programs(provider);
  GrowingBundle bundle(spec.bundle);
  run.machine.evidence_dir = bundle.path();

  std::unique_ptr<ModelEnd> model;
  if (agent) {
    // What is wrong with a script or a recording is said before a VM starts.
    model = std::make_unique<ModelEnd>(spec.agent, evidence.skill.name, run.skill_dir);
    open_model(*model, run.machine);
    evidence.agent.control = agent_control(provider, spec.os, *agent, progress);
  }
  const auto further = further_of(provider, spec, run, missing, evidence, bundle.aside());
  const auto steering = steering_of(provider, spec, run, evidence);
  if (steering && spec.lines == MeasureLines::Beside) steering->start();
  Sandbox sandbox = Sandbox::open(provider, run.machine, progress);
  if (further) further->begin();
  require_packages(sandbox.base(), spec.given, spec.os);
  evidence.environment = describe(sandbox, spec.network, run.skill_dir);
  evidence.environment.arranged = std::move(run.arranged);
  tell_packages(sandbox.base(), missing, spec.left_out, evidence.environment.arranged);
  note_machine(sandbox, evidence);
  Keeper keeper(spec.keep, provider, sandbox);
  if (model) model->know(evidence);
  run.observation.before_the_skill = [&] { keeper.before_the_skill(progress); };
  observe_with_gaps(run.observation, sandbox, bundle.path(), evidence, raw, progress, model.get());
  keeper.after_the_audit(progress);
  sandbox.close();
  std::optional<bool> more;
  if (further) more = further->look_at_worlds(evidence, raw, goes_on, progress);
  if (steering) finish(*steering, evidence, progress);
  if (further && !more.value_or(false)) {
    further->look_behind_conditions(evidence, raw, progress);
    further->look_at_what_stays(evidence, raw, progress);
  }
  progress.stage("Writing the report");
  write_evidence(evidence, raw, bundle.path());
  check_interrupt();
  bundle.finish();
  AuditResult result = report_bundle(bundle.target(), rubric_of(spec), std::move(raw.parsed));
  if (agent && !spec.agent.record.empty()) record_model(spec.agent, result);
  keeper.decide(result);
  if (!more) more = goes_on && goes_on(result);
  if (!*more) progress.finish();
  return result;
}

}  // namespace

AuditResult run_audit(MachineProvider& provider, const AuditSpec& spec, Progress& progress) {
  return audit_with_what_it_lacks(
      provider, spec, progress,
      [&](const AuditSpec& each, const auto& missing, const auto& lacks_more) {
        return audit_once(provider, each, missing, progress, lacks_more);
      });
}

}  // namespace skillaudit
