#include "harness/audit/worlds.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <utility>

#include "harness/agents/agent.h"
#include "harness/analysis/harm.h"
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

/// For the steps of a pair that begins before it is known how long they take. A pair that needs
/// more is made again.
constexpr double kWhenBegunEarly = 60;

/// Of the mirrors, or of an agent's model.
bool is_expected(const Flow& flow) {
  return flow.allowed && (flow.group == "mirrors" || flow.group == "model");
}

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
               Evidence start, fs::path aside, bool compares)
    : provider_(provider),
      sandbox_(first),
      observation_(std::move(observation)),
      start_(std::move(start)),
      bundle_(first.evidence_dir),
      aside_(std::move(aside)),
      other_seed_(random_hex(16)),
      at_once_(compares ? 2 : 1) {
  // Code may know the first by name.
  const auto drawn = static_cast<unsigned char>(random_bytes(1)[0]);
  sandbox_.persona = kPersonas[1 + drawn % (kPersonas.size() - 1)];
  sandbox_.policy = policy_of_world(sandbox_.policy);
  sandbox_.dropped = &dropped_;
  observation_.plan = plan_of_world(std::move(observation_.plan), start_.skill);
  observation_.check_boot = false;
  observation_.before_the_skill = {};
}

Worlds::~Worlds() { dropped_ = true; }

void Worlds::begin() { begun_ = begin_pair(0, kWhenBegunEarly); }

void Worlds::drop() {
  if (begun_.empty()) return;
  dropped_ = true;
  begun_.clear();
  std::error_code ignored;
  fs::remove_all(aside_, ignored);
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
  return !std::ranges::all_of(sent.flows, is_expected) || !sent.wire.names.empty() ||
         !sent.wire.contacts.empty() || (!sent.flows.empty() && opens_known(evidence, raw));
}

Worlds::Made Worlds::make(const WorldKind& world, double timeout_s) const {
  SandboxSpec spec = sandbox_;
  if (!world.own_secrets) spec.seed = other_seed_;
  spec.evidence_dir = aside_ / world.name;
  Observation observation = observation_;
  observation.timeout_s = std::min(observation.timeout_s, timeout_s);
  try {
    return {.whole = true,
            .run = observe_world(provider_, spec, observation, world, start_),
            .gaps = {}};
  } catch (const std::exception& error) {
    return {.whole = false, .gaps = {lost_world(world, spec.evidence_dir, error)}};
  }
}

Worlds::Making Worlds::begin_pair(std::size_t first, double timeout_s) const {
  Making making;
  for (std::size_t i = first; i < first + at_once_; ++i)
    making.push_back(std::async(
        std::launch::async, [this, i, timeout_s] { return make(kComparedWorlds[i], timeout_s); }));
  return making;
}

std::vector<Worlds::Made> Worlds::run_pair(std::size_t first, WorldBudget& budget) {
  const auto take = [](Making making) {
    for (const std::future<Made>& each : making)
      each.wait();  // an exception of the first must not leave the second running
    std::vector<Made> made;
    for (std::future<Made>& each : making) made.push_back(each.get());
    return made;
  };
  if (!begun_.empty()) {
    std::vector<Made> made = take(std::exchange(begun_, {}));
    if (std::ranges::all_of(made, [](const Made& each) { return each.whole && each.run.in_time; }))
      return made;
    fs::remove_all(aside_);
  }
  return take(begin_pair(first, budget.of_one_s()));
}

bool Worlds::take_pair(std::size_t first, WorldBudget& budget, Evidence& evidence) {
  const std::vector<Made> made = run_pair(first, budget);
  check_interrupt();
  double took = 0;
  for (std::size_t i = 0; i < made.size(); ++i) {
    took = std::max(took, made[i].run.took_s);
    append(evidence.gaps, made[i].gaps);
    const WorldKind& world = kComparedWorlds[first + i];
    if (!made[i].whole) continue;
    const fs::path folder = world_folder(bundle_, world.name);
    fs::create_directories(folder.parent_path());
    fs::rename(aside_ / world.name, folder);
    if (!world.judged) continue;
    Evidence& judged = evidence.worlds.emplace_back();
    judged.world = world.name;
  }
  budget.spend(took);
  if (made.size() < 2 || !std::ranges::all_of(made, &Made::whole)) return false;
  for (std::size_t i = first; i < first + 2; ++i)
    evidence.compared.emplace_back(kComparedWorlds[i].name);
  return true;
}

void Worlds::run(Evidence& evidence, WorldBudget& budget, Progress& progress) {
  progress.stage("Running it where hosts answer");
  for (std::size_t first = 0; first < kComparedWorlds.size(); first += 2) {
    if (!budget.is_left()) {
      evidence.gaps.push_back(Gap::not_exercised(
          GapSource::Execution,
          fmt::format("not exercised: what left the VM differs between two runs, and there was no "
                      "time to run it again: the worlds had {:.0f} s. `--budget {:.0f}` gives more",
                      budget.whole_s(), 3 * budget.whole_s())));
      return;
    }
    if (!take_pair(first, budget, evidence)) return;
    const std::vector<Dependence> found = read_dependences(bundle_, evidence.compared);
    const bool sure = first > 0 && !std::ranges::all_of(found, is_weak);
    if (found.empty() || sure) return;
    progress.detail("what left differs: comparing once more");
  }
}

}  // namespace skillaudit
