#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "harness/analysis/assessment.h"
#include "harness/evidence/evidence.h"
#include "harness/rules/effect_kind.h"

namespace skillaudit {

/// Sources that an effect lists; the bundle has all of them.
inline constexpr std::size_t kMostEffectSources = 5;
/// Effects of one verb and kind that are listed, and as many more that only a finding names; a
/// skill can write a million files.
inline constexpr std::size_t kMostEffectsOfAKind = 100;

/// What a person would have to agree to: something that the skill did, once for each
/// verb, kind and object.
struct SkillEffect {
  Verb verb = Verb::Read;
  EffectKind kind = EffectKind::File;
  std::string object;            ///< printable
  bool as_root = false;          ///< with root's rights, at least once
  std::vector<Source> evidence;  ///< at most kMostEffectSources
  /// The gravest class of its rules. Ordinary: no rule has anything against it.
  EffectClass effect_class = EffectClass::Ordinary;
  ConsentExtent named =
      ConsentExtent::None;         ///< by the skill's documents; of several rules the least
  std::vector<std::string> rules;  ///< ids of the findings that are about it; sorted
  std::string statement;           ///< the sentence that names it exactly; or empty
  std::string place;               ///< where that stands, "SKILL.md:12"
};

struct SkillEffects {
  std::vector<SkillEffect> list;  ///< by verb, kind and object
  /// Those past kMostEffectsOfAKind.
  std::map<std::pair<Verb, EffectKind>, std::size_t> omitted;
  [[nodiscard]] std::size_t all_omitted() const;
  [[nodiscard]] std::size_t omitted_of(Verb verb, EffectKind kind) const;
};

/// Everything that the evidence shows of the skill, with the class and the consent that the rules
/// found. What a finding names and no table or trace has as such is an effect of its own.
[[nodiscard]] SkillEffects effects_of(const Evidence& evidence, const Assessment& assessment);

}  // namespace skillaudit
