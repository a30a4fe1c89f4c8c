#include "reports/telling_facts.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/analysis/gaps.h"
#include "harness/base/text.h"
#include "harness/effects/hosts.h"
#include "harness/evidence/runner_names.h"
#include "harness/rules/mirrors_seen.h"
#include "reports/facts.h"

namespace skillaudit {
namespace {

constexpr std::size_t kMostDeeds = 5;

bool touches_files(const SkillEffect& effect) {
  const bool is_file = effect.kind == EffectKind::File || effect.kind == EffectKind::Document ||
                       effect.kind == EffectKind::Secret || effect.kind == EffectKind::Program ||
                       effect.kind == EffectKind::Permissions;
  return is_file && (effect.verb == Verb::Modify || effect.verb == Verb::Overwrite ||
                     effect.verb == Verb::Delete);
}

Deed about_files() { return {Tone::Fine, "changed and deleted none of your files"}; }

Deed about_contacts(const Evidence& evidence) {
  if (!is_observed(evidence, GapSource::Flows) || !is_observed(evidence, GapSource::Wire))
    return {Tone::Warning, "whom it contacted was not observed"};
  const auto mirrors = mirror_hosts(evidence);
  const bool packages =
      std::any_of(evidence.flows.begin(), evidence.flows.end(),
                  [&](const Flow& flow) { return is_package_flow(flow, mirrors); });
  std::vector<std::string> others;
  if (packages) others.emplace_back("the package mirrors");
  if (!evidence.agent.name.empty()) others.emplace_back("the agent's model");
  return {Tone::Fine,
          others.empty() ? "contacted nobody" : "contacted nobody but " + join(others, " and ")};
}

}  // namespace

Deed what_ran(const Evidence& evidence, const Assessment& assessment) {
  const Execution& execution = evidence.execution;
  if (execution.runner == kWordsOnly) return {Tone::Fine, "words only: nothing of it can run"};
  if (!something_ran(execution)) return {Tone::Warning, "nothing ran"};
  const AgentRun& agent = evidence.agent;
  if (!agent.name.empty())
    return {
        agent.transcript.triggered ? Tone::Fine : Tone::Warning,
        fmt::format("{} {}, {}", printable(agent.title),
                    agent.transcript.triggered ? "followed it" : "did not follow it",
                    count_of(agent.transcript.actions.size(), "call of a tool", "calls of tools"))};
  if (const std::string covered = coverage_in_words(assessment.coverage); !covered.empty()) {
    const SkillCoverage::Count units = assessment.coverage.units_run();
    if (units.ran < units.all) return {Tone::Warning, covered};
    // That all of it ran says little where nobody knows which of its lines did.
    return {assessment.coverage.percent().value_or(0) == 100 ? Tone::Fine : Tone::Plain, covered};
  }
  std::size_t all = 0;
  std::size_t ran = 0;
  for (std::size_t i = 0; i < execution.steps.size(); ++i) {
    const StepEnd end = end_at(assessment.ends, i);
    if (end.tried_again) continue;
    ++all;
    if (execution.steps[i].ran && !end.is_unexercised()) ++ran;
  }
  if (ran == all)
    return {Tone::Fine, all == 1 ? "its step ran" : fmt::format("all {} steps ran", all)};
  return {Tone::Warning, fmt::format("{} of {} ran", ran, count_of(all, "step"))};
}

std::string facts_in_a_line(const Evidence& evidence, const Assessment& assessment) {
  std::string line;
  for (const Deed& fact : telling_facts(evidence, assessment))
    line += (line.empty() ? "" : " · ") + fact.text;
  std::erase(line, '`');
  return line;
}

std::vector<Deed> telling_facts(const Evidence& evidence, const Assessment& assessment) {
  const SkillEffects effects = effects_of(evidence, assessment);
  std::vector<Deed> facts = deeds_of(evidence, assessment, effects);
  const std::size_t all = facts.size();
  if (all > kMostDeeds) {
    facts.resize(kMostDeeds);
    facts.push_back({Tone::Plain, fmt::format("{} more below", all - kMostDeeds)});
  }
  const auto& list = effects.list;
  const bool ran = something_ran(evidence.execution);
  if (ran && is_observed(evidence, Table::Files) &&
      std::none_of(list.begin(), list.end(), touches_files))
    facts.push_back(about_files());
  const bool addressed = std::any_of(list.begin(), list.end(), [](const SkillEffect& effect) {
    return effect.kind == EffectKind::Host || effect.verb == Verb::Send;
  });
  if (ran && !addressed) facts.push_back(about_contacts(evidence));
  facts.push_back(what_ran(evidence, assessment));
  return facts;
}

}  // namespace skillaudit
