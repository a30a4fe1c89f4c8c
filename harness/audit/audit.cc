#include "harness/audit/audit.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <functional>

#include "harness/analysis/gates.h"
#include "harness/analysis/harm.h"
#include "harness/audit/added_packages.h"
#include "harness/audit/agent_control.h"
#include "harness/audit/answers_for.h"
#include "harness/audit/arrangement.h"
#include "harness/audit/environment.h"
#include "harness/audit/further_audits.h"
#include "harness/audit/further_clones.h"
#include "harness/audit/keeper.h"
#include "harness/audit/missing_documents.h"
#include "harness/audit/model_end.h"
#include "harness/audit/observed_clone.h"
#include "harness/audit/plugins.h"
#include "harness/audit/requirements.h"
#include "harness/audit/sandbox.h"
#include "harness/base/clock.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/base/interrupt.h"
#include "harness/base/text.h"
#include "harness/bundle/growing_bundle.h"
#include "harness/bundle/write.h"
#include "harness/changes/changes.h"
#include "harness/evidence/runner_names.h"
#include "harness/model/transcript.h"
#include "harness/observe/line_tracing.h"
#include "harness/observe/observe.h"
#include "harness/runner/agent_plan.h"
#include "harness/runner/project_steps.h"
#include "harness/runner/surroundings.h"
#include "harness/runner/word_steps.h"
#include "harness/skill/asked_folders.h"
#include "harness/skill/load.h"
#include "harness/skill/variables.h"

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

/// What is asked in words that nobody interprets is not exercised, so nothing approves it.
void note_words(const std::vector<std::string>& not_exercised, std::vector<Gap>& gaps) {
  for (const std::string& sentence : not_exercised)
    gaps.push_back(Gap::not_exercised(
        GapSource::Execution,
        fmt::format("not exercised: an instruction in words that could not be interpreted, {}",
                    sentence)));
}

/// Plans what exercises the skill; for an agent, its prompts go into the evidence.
Plan plan_audit(const AuditSpec& spec, Evidence& evidence) {
  if (spec.agent.agent) {
    evidence.agent = describe(spec.agent, prompts_for(evidence.skill, spec.agent.prompts));
    Plan plan = make_agent_plan(*spec.agent.agent, evidence.agent.prompts);
    if (spec.agent.model == ModelSource::Obedient)
      plan.not_exercised = not_interpreted(evidence.skill);
    return plan;
  }
  return spec.scenario.empty() ? make_plan(evidence.skill, spec.commands)
                               : plan_scenario(evidence.skill, spec.scenario);
}

/// What the skill's code and documents ask the machine for.
std::vector<AskedVariable> asked_of(const Skill& skill) {
  std::vector<AskedVariable> asked;
  for (const SkillVariable& variable : variables_of(skill))
    asked.push_back({variable.name, variable.required, variable.has_default});
  return asked;
}

/// Plans all that runs, and prepares what it needs.
struct Planned {
  Plan plan;
  std::vector<AuditedPlugin> plugins;
  Arrangement arrangement;
};

SandboxSpec sandbox_spec(const AuditSpec& spec, const Skill& skill, const std::string& project,
                         const Planned& planned, const std::vector<MissingThing>& missing,
                         const ModelEnd* model, const fs::path& bundle) {
  const Arrangement& arrangement = planned.arrangement;
  std::vector<std::string> folders = folders_of(skill);
  folders.insert(folders.end(), arrangement.folders.begin(), arrangement.folders.end());
  SandboxSpec sandbox{.os = spec.os,
                      .memory_mib = guest_memory(spec.agent.agent),
                      .policy = spec.policy,
                      .skill_folder = spec.skill_folder,
                      .skill_name = skill.name,
                      .variables = asked_of(skill),
                      .folders = std::move(folders),
                      .project = project,
                      .documents = documents_among(missing),
                      .placed = arrangement.files,
                      .environment = arrangement.environment,
                      .credentials = arrangement.credentials,
                      .packages = packages_for(spec, skill, missing),
                      .seed = random_hex(16),
                      .agent = spec.agent.agent,
                      .cold = spec.cold,
                      .evidence_dir = bundle};
  sandbox.policy.answers = answers_for(skill, spec.policy.answers);
  for (const AuditedPlugin& plugin : planned.plugins)
    if (!plugin.installed && !plugin.place.empty())
      sandbox.copied.push_back({plugin.folder, plugin.place});
  if (model) {
    sandbox.policy.models.push_back(model->host());
    sandbox.model_keys = model->keys();
    sandbox.agent_key = model->decoy();
  }
  return sandbox;
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
                                      const SandboxSpec& machine, const Observation& observation,
                                      Evidence& evidence) {
  evidence.lines.problem = why_unmeasured(spec, evidence, observation.plan);
  if (!evidence.lines.problem.empty()) return nullptr;
  return std::make_unique<Steering>(provider, machine, observation, evidence.skill);
}

void finish(Steering& steering, Evidence& evidence, Progress& progress) {
  progress.stage("Measuring which lines run");
  const std::vector<Step>& steps = evidence.execution.steps;
  const double took = steps.empty() ? 0 : steps.back().started_s + steps.back().duration_s;
  // Where a processor was free it has ended by now. A gate that asks for lines wants them anyway.
  const double patience_s = 30 + 3 * took;
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

Planned plan_all(const AuditSpec& spec, const GuestAccount& account, const StepPlaces& places,
                 Evidence& evidence) {
  Planned all{.plan = plan_audit(spec, evidence), .plugins = {}, .arrangement = {}};
  note_words(all.plan.not_exercised, evidence.gaps);
  if (!spec.agent.agent) {
    if (spec.commands.empty() && spec.scenario.empty())
      add_given_arguments(all.plan, evidence.skill, evidence.skill.surroundings.arguments);
    add_given_arguments(all.plan, evidence.skill, spec.given.arguments);
  }
  all.plugins = plugins_of(spec.skill_folder, places.skill.substr(account.home.size() + 1),
                           spec.plugin_folders);
  plan_plugins(all.plugins, account.home, places.project, all.plan, evidence.gaps);
  // A command or scenario of the author's means the skill's own folder.
  if (spec.agent.agent || all.plan.runner == kWalkthrough) evidence.project = places.project;
  const std::string& elsewhere = !spec.given.working_directory.empty()
                                     ? spec.given.working_directory
                                     : evidence.skill.surroundings.working_directory;
  run_in_project(
      all.plan, evidence.skill,
      {places.skill,
       elsewhere.empty() ? evidence.project : resolve_folder(elsewhere, places, account.home)});
  all.arrangement = arrange(spec, evidence.skill, places, account.home, all.plan);
  return all;
}

const Rubric& rubric_of(const AuditSpec& spec) {
  static const Rubric shipped = shipped_rubric();
  return spec.rubric ? *spec.rubric : shipped;
}

Observation observation_of(const AuditSpec& spec, Planned& planned, const std::string& folder) {
  return {.plan = std::move(planned.plan),
          .timeout_s = spec.timeout_s,
          .working_directory = folder,
          .check_boot = spec.keep == Keep::Never,
          .setup = planned.arrangement.setup,
          .wanted_texts = planned.arrangement.texts};
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
  const GuestAccount account = provider.account();
  const StepPlaces places{installed_skill(account.home, evidence.skill.name, agent),
                          project_folder(account)};
  Planned planned = plan_all(spec, account, places, evidence);
  mark_steps_with(missing, planned.plan);
  require_audit_programs(provider);
  GrowingBundle bundle(spec.bundle);

  std::unique_ptr<ModelEnd> model;
  if (agent) {
    // What is wrong with a script or a recording is said before a VM starts.
    model = std::make_unique<ModelEnd>(spec.agent, evidence.skill.name, places.skill);
    evidence.agent.control = agent_control(provider, spec.os, *agent, progress);
  }
  SandboxSpec machine = sandbox_spec(spec, evidence.skill, places.project, planned, missing,
                                     model.get(), bundle.path());
  Observation observation = observation_of(spec, planned, agent ? evidence.project : places.skill);
  const auto steering = steering_of(provider, spec, machine, observation, evidence);
  if (steering && spec.lines == MeasureLines::Beside) steering->start();
  Sandbox sandbox = Sandbox::open(provider, machine, progress);
  require_packages(sandbox.base(), spec.given, spec.os);
  evidence.environment = describe(sandbox, spec.network, places.skill);
  evidence.environment.arranged = std::move(planned.arrangement.told);
  tell_packages(sandbox.base(), missing, spec.left_out, evidence.environment.arranged);
  note_machine(sandbox, evidence);
  Keeper keeper(spec.keep, provider, sandbox);
  if (model) model->know(evidence);
  observation.before_the_skill = [&] { keeper.before_the_skill(progress); };
  observe_with_gaps(observation, sandbox, bundle.path(), evidence, raw, progress, model.get());
  keeper.after_the_audit(progress);
  machine.identity = sandbox.identity();
  sandbox.close();
  std::optional<bool> more;
  const FurtherClones further{provider,      machine,  observation, rubric_of(spec),
                              bundle.path(), evidence, raw,         progress};
  if (has_worlds(spec)) more = look_at_worlds(further, goes_on);
  if (steering) finish(*steering, evidence, progress);
  if (has_worlds(spec) && !more.value_or(false)) look_behind_conditions(further);
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
