#include "harness/audit/further_clones.h"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>

#include "harness/analysis/assess_bundle.h"
#include "harness/analysis/harm.h"
#include "harness/analysis/later.h"
#include "harness/audit/opened_world.h"
#include "harness/base/interrupt.h"
#include "harness/bundle/layout.h"
#include "harness/bundle/write.h"
#include "harness/changes/changes.h"
#include "harness/evidence/run_samples.h"
#include "harness/skill/reach.h"

namespace skillaudit {
namespace {

/// Whether code that runs, or could, speaks of the network.
bool names_the_network(const Plan& plan, const Skill& skill) {
  const auto names = [](const std::string& code) {
    return reach_of(code).test(static_cast<std::size_t>(Reach::Network));
  };
  return std::ranges::any_of(plan.steps, names, &PlannedStep::command) ||
         std::ranges::any_of(skill.texts, [&](const SkillText& text) {
           return !text.documents && names(text.text);
         });
}

}  // namespace

FurtherClones::FurtherClones(MachineProvider& provider, const WorldsSpec& spec,
                             const SandboxSpec& machine, const Observation& observation,
                             const Evidence& start, const Rubric& rubric,
                             std::filesystem::path aside)
    : provider_(provider),
      spec_(spec),
      machine_(machine),
      observation_(observation),
      rubric_(rubric),
      bundle_(machine.evidence_dir),
      start_(start),
      budget_(spec.budget_s),
      worlds_(provider, machine, observation, start, std::move(aside),
              has(kComparedWorlds[1].name)) {}

bool FurtherClones::has(std::string_view world) const {
  return spec_.only.empty() || std::ranges::count(spec_.only, world) > 0;
}

AuditResult FurtherClones::assess(const Evidence& evidence, const RawEvidence& raw) const {
  write_evidence(evidence, raw, bundle_);
  return assess_bundle(bundle_, rubric_);
}

void FurtherClones::begin() {
  const bool likely = spec_.depth == Depth::Deep || lines_could_decide(start_.skill) ||
                      names_the_network(observation_.plan, start_.skill);
  if (spec_.beside && likely && has(kComparedWorlds[0].name)) worlds_.begin();
}

std::optional<bool> FurtherClones::look_at_worlds(Evidence& evidence, const RawEvidence& raw,
                                                  const GoesOn& goes_on, Progress& progress) {
  budget_.begin(end_of_run(evidence));
  const bool wanted = has(kComparedWorlds[0].name) &&
                      (spec_.depth == Depth::Deep || worlds_.are_wanted(evidence, raw));
  std::optional<bool> more;
  if (wanted) {
    const AuditResult without = assess(evidence, raw);
    more = goes_on && goes_on(without);
    const bool is_open =
        spec_.depth == Depth::Deep || without.assessment.verdict != Verdict::Rejected;
    if (!*more && is_open) worlds_.run(evidence, budget_, progress);
  }
  worlds_.drop();
  return more;
}

void FurtherClones::look_behind_conditions(Evidence& evidence, const RawEvidence& raw,
                                           Progress& progress) {
  const bool could = evidence.lines.measured || has_unmeasured_programs(evidence.skill);
  if (!could || !has(kOpenedWorld.name) || !evidence.execution.aborted.empty()) return;
  const AuditResult without = assess(evidence, raw);
  if (without.assessment.verdict == Verdict::Rejected) return;
  const std::vector<Harm> harm = unexercised_harm(without.evidence, without.assessment.coverage);
  if (harm.empty() || !budget_.is_left()) return;
  const OpenedWorld opened(provider_, machine_, observation_, bundle_, budget_.of_one_s());
  budget_.spend(opened.run(harm, evidence, progress));
}

void FurtherClones::look_at_what_stays(Evidence& evidence, const RawEvidence& raw,
                                       Progress& progress) {
  if (!has(kLaterWorld.name) || !evidence.execution.aborted.empty() || !raw.parsed.before ||
      !raw.parsed.after)
    return;
  const Environment& environment = evidence.environment;
  if (!could_act_later(paths_to_hash(*raw.parsed.before, *raw.parsed.after), environment.guest_home,
                       environment.skill_dir))
    return;
  const AuditResult without = assess(evidence, raw);
  if (without.assessment.verdict == Verdict::Rejected) return;
  std::vector<PlannedStep> steps = later_steps(without.evidence, without.assessment.changes);
  if (steps.empty()) return;
  if (!budget_.is_left()) {
    evidence.gaps.push_back(Gap::not_exercised(
        GapSource::Execution,
        fmt::format("not exercised: what it left on the machine; the worlds had {:.0f} s. "
                    "`--budget {:.0f}` gives more",
                    budget_.whole_s(), 3 * budget_.whole_s())));
    return;
  }
  progress.stage("Running what it left on the machine");
  const WorldKind& world = kLaterWorld;
  SandboxSpec machine = machine_;
  machine.policy = policy_of_world(machine.policy);
  machine.evidence_dir = world_folder(bundle_, world.name);
  Observation observation = observation_;
  observation.timeout_s = std::min(observation.timeout_s, budget_.of_one_s());
  observation.check_boot = false;
  std::ranges::move(steps, std::back_inserter(observation.plan.steps));
  try {
    budget_.spend(observe_world(provider_, machine, observation, world, start_).took_s);
    evidence.worlds.emplace_back().world = world.name;
  } catch (const std::exception& error) {
    evidence.gaps.push_back(lost_world(world, machine.evidence_dir, error));
  }
  check_interrupt();
}

}  // namespace skillaudit
