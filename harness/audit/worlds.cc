#include "harness/audit/worlds.h"

#include <algorithm>
#include <future>
#include <set>

#include "harness/agents/agent.h"
#include "harness/analysis/harm.h"
#include "harness/audit/world_clone.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/base/interrupt.h"
#include "harness/bundle/layout.h"
#include "harness/bundle/sent.h"
#include "harness/bundle/write.h"
#include "harness/runner/variants.h"
#include "harness/sensors/dependence.h"
#include "harness/sensors/trace_log.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;

bool is_of_mirrors(const Flow& flow) { return flow.allowed && flow.group == "mirrors"; }

}  // namespace

Plan plan_of_world(Plan plan, const Skill& skill) {
  const std::size_t once = plan.steps.size();
  const auto compared = compared_variables(skill);
  std::vector<PlannedStep> others = subcommand_steps(skill, plan.steps);
  for (std::size_t i = 0; i < once; ++i) {
    if (!plan.steps[i].reason_not_run.empty()) continue;
    PlannedStep again = plan.steps[i];
    again.name += " (second start)";
    again.tentative = true;
    again.terminal = true;
    for (const Agent& agent : known_agents())
      for (const auto& variable : agent.of_commands) again.environment.push_back(variable);
    for (const auto& variable : compared) again.environment.push_back(variable);
    plan.steps.push_back(std::move(again));
  }
  for (PlannedStep& step : others) plan.steps.push_back(std::move(step));
  return plan;
}

Worlds::Worlds(MachineProvider& provider, const SandboxSpec& first, Observation observation,
               const Skill& skill, fs::path bundle)
    : provider_(provider),
      sandbox_(first),
      observation_(std::move(observation)),
      bundle_(std::move(bundle)),
      other_seed_(random_hex(16)) {
  // Code may know the first by name.
  const auto drawn = static_cast<unsigned char>(random_bytes(1)[0]);
  sandbox_.persona = kPersonas[1 + drawn % (kPersonas.size() - 1)];
  sandbox_.policy = policy_of_world(sandbox_.policy);
  observation_.plan = plan_of_world(std::move(observation_.plan), skill);
  observation_.check_boot = false;
  observation_.before_the_skill = {};
}

/// Whether anybody opened a credential or document of the home while the skill ran: which package
/// is asked of a mirror can tell of it.
bool Worlds::opens_known(const Evidence& evidence, const RawEvidence& raw) const {
  const fs::path file = path_in(bundle_, BundleFile::Trace);
  if (raw.trace.first_mark.empty() || !fs::exists(file)) return false;
  std::set<std::string_view> known;
  for (const auto* list : {&evidence.decoys, &evidence.canaries})
    for (const Decoy& each : *list) known.insert(each.path);
  const TraceLog log =
      parse_trace_log(read_file(file, kMostTrace), raw.trace.first_mark, raw.trace.last_mark);
  return std::ranges::any_of(log.events, [&](const TraceEvent& event) {
    return (event.kind == TraceKind::SecretRead || event.kind == TraceKind::DocumentRead) &&
           event.success && std::ranges::any_of(event.paths, [&](const std::string& path) {
             return known.contains(path);
           });
  });
}

bool Worlds::are_wanted(const Evidence& evidence, const RawEvidence& raw) const {
  if (!evidence.execution.aborted.empty()) return false;
  const bool any = std::ranges::any_of(evidence.execution.steps, &Step::ran);
  const auto is_lost = [](const Gap& gap) {
    return gap.kind == GapKind::Lost &&
           (gap.source == GapSource::Machine || gap.source == GapSource::Guest);
  };
  if (!any || std::ranges::any_of(evidence.gaps, is_lost)) return false;
  if (lines_could_decide(evidence.skill)) return true;
  write_compared(evidence, raw, bundle_);  // what reads it comes later
  const Sent sent = read_sent(bundle_, {});
  return !std::ranges::all_of(sent.flows, is_of_mirrors) || !sent.wire.names.empty() ||
         !sent.wire.contacts.empty() || (!sent.flows.empty() && opens_known(evidence, raw));
}

Worlds::Made Worlds::make(const WorldKind& world, const Evidence& evidence) const {
  SandboxSpec spec = sandbox_;
  if (!world.own_secrets) spec.seed = other_seed_;
  spec.evidence_dir = world_folder(bundle_, world.name);
  try {
    observe_world(provider_, spec, observation_, world, evidence);
    return {.whole = true, .gaps = {}};
  } catch (const std::exception& error) {
    return {.whole = false, .gaps = {lost_world(world, spec.evidence_dir, error)}};
  }
}

void Worlds::run_pair(std::size_t first, Evidence& evidence) {
  std::vector<std::future<Made>> making;
  for (std::size_t i = first; i < first + 2; ++i)
    making.push_back(std::async(
        std::launch::async, [this, i, &evidence] { return make(kComparedWorlds[i], evidence); }));
  std::vector<Made> made;
  for (std::future<Made>& each : making) {
    each.wait();  // an exception of the first must not leave the second running
  }
  for (std::future<Made>& each : making) made.push_back(each.get());
  check_interrupt();
  for (std::size_t i = 0; i < made.size(); ++i) {
    append(evidence.gaps, made[i].gaps);
    const WorldKind& world = kComparedWorlds[first + i];
    if (!made[i].whole || !world.judged) continue;
    Evidence& judged = evidence.worlds.emplace_back();
    judged.world = world.name;
  }
  if (made[0].whole && made[1].whole)
    for (std::size_t i = first; i < first + 2; ++i)
      evidence.compared.emplace_back(kComparedWorlds[i].name);
}

void Worlds::run(Evidence& evidence, Progress& progress) {
  progress.stage("Running it where hosts answer");
  const std::vector<Step>& steps = evidence.execution.steps;
  const double took = steps.empty() ? 0 : steps.back().started_s + steps.back().duration_s;
  observation_.timeout_s = std::min(observation_.timeout_s, std::max(kWorldTimeout, 1.5 * took));
  for (std::size_t first = 0; first < kComparedWorlds.size(); first += 2) {
    const std::size_t before = evidence.compared.size();
    run_pair(first, evidence);
    if (evidence.compared.size() == before) return;
    const std::vector<Dependence> found = read_dependences(bundle_, evidence.compared);
    const bool sure = first > 0 && !std::ranges::all_of(found, is_weak);
    if (found.empty() || sure) return;
    progress.detail("what left differs: comparing once more");
  }
}

}  // namespace skillaudit
