#include "harness/effects/effects.h"

#include <algorithm>

#include "harness/analysis/assess.h"
#include "harness/effects/collected.h"
#include "harness/effects/observed.h"
#include "harness/rules/rubric.h"

namespace skillaudit {
namespace {

/// What the findings of a rule are about: the kind as conditions or the rule's `effect` say it.
struct About {
  std::vector<Verb> verbs;  ///< the first is the one that a finding without an effect gets
  EffectKind kind = EffectKind::File;
};

EffectKind kind_of(ObjectKind object) {
  // The kinds that conditions know come first, in their order.
  return static_cast<EffectKind>(object);
}

/// None: the rule is about the quality of the skill.
std::optional<About> about(const RubricRule& rule) {
  if (rule.effect) return About{{rule.effect->verb}, rule.effect->object};
  if (rule.when.empty()) return std::nullopt;
  About about{{}, kind_of(rule.when.front().object)};
  for (const Condition& condition : rule.when)
    for (const Verb verb : kVerbs)
      if (condition.verbs.test(static_cast<std::size_t>(verb)) &&
          std::find(about.verbs.begin(), about.verbs.end(), verb) == about.verbs.end())
        about.verbs.push_back(verb);
  return about;
}

/// The rule has something against the effect.
void hold(SkillEffect& effect, const Finding& finding) {
  effect.named = effect.rules.empty() ? finding.named : std::min(effect.named, finding.named);
  effect.effect_class = std::max(effect.effect_class, finding.effect_class);
  const auto at = std::lower_bound(effect.rules.begin(), effect.rules.end(), finding.rule);
  if (at == effect.rules.end() || *at != finding.rule) effect.rules.insert(at, finding.rule);
}

void add_finding(Collected& effects, const Finding& finding, const About& about) {
  std::vector<std::string> objects = finding.subjects;
  if (objects.empty()) objects.emplace_back(name_of(about.kind));
  for (const std::string& subject : objects) {
    const std::string object = effects.shown(subject);
    std::vector<SkillEffect*> known = effects.about(object, about.verbs);
    if (known.empty()) known = effects.in_group(object, about.verbs);
    if (known.empty()) {
      SkillEffect* added = effects.add_found(about.verbs.front(), about.kind, object);
      if (added == nullptr) continue;
      SkillEffect& own = *added;
      for (const Citation& each : finding.evidence)
        if (own.evidence.size() < kMostEffectSources &&
            std::find(own.evidence.begin(), own.evidence.end(), each.source) == own.evidence.end())
          own.evidence.push_back(each.source);
      known.push_back(&own);
    }
    for (SkillEffect* effect : known) hold(*effect, finding);
  }
}

/// A document names it exactly, so that no finding stands.
void add_consented(Collected& effects, const ConsentedEffect& consented,
                   const std::optional<About>& about) {
  const std::string object = effects.shown(consented.object);
  std::vector<SkillEffect*> known = effects.about(object, {consented.verb});
  const EffectKind kind = about ? about->kind : EffectKind::Command;
  // Documents name a host, and effects where it was reached.
  if (kind == EffectKind::Host)
    for (const char* scheme : {"https://", "http://"})
      for (SkillEffect* each : effects.about(scheme + object, {Verb::Send, Verb::Receive}))
        known.push_back(each);
  if (known.empty())
    if (SkillEffect* added = effects.add_found(consented.verb, kind, object))
      known.push_back(added);
  for (SkillEffect* effect : known) {
    effect->statement = consented.statement;
    effect->place = consented.place;
    if (!effect->rules.empty()) continue;
    effect->named = ConsentExtent::Exactly;
    effect->effect_class = std::max(effect->effect_class, consented.effect_class);
  }
}

}  // namespace

SkillEffects effects_of(const Evidence& evidence, const Assessment& assessment) {
  Collected effects(evidence.environment.guest_home);
  const ProcessTree processes(evidence);
  collect_observed(evidence, assessment.changes, processes, effects);
  const Rubric& rubric = rubric_of(assessment);
  for (const Finding& finding : assessment.findings) {
    const RubricRule* rule = rubric.find(finding.rule);
    if (rule == nullptr) continue;
    if (const auto what = about(*rule)) add_finding(effects, finding, *what);
  }
  for (const ConsentedEffect& each : assessment.consented) {
    const RubricRule* rule = rubric.find(each.rule);
    add_consented(effects, each, rule == nullptr ? std::nullopt : about(*rule));
  }
  return effects.all();
}

}  // namespace skillaudit
