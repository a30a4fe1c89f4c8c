#include "harness/effects/collected.h"

#include <algorithm>

#include "harness/base/glob.h"
#include "harness/base/text.h"

namespace skillaudit {

std::string Collected::shown(std::string_view object) const {
  const bool is_below = !home_.empty() && object.size() > home_.size() &&
                        object.starts_with(home_) && object[home_.size()] == '/';
  return is_below ? "~" + std::string(object.substr(home_.size())) : std::string(object);
}

SkillEffect& Collected::at(Verb verb, EffectKind kind, std::string_view object) {
  Key key(verb, kind, std::string(object));
  const auto [place, is_new] = effects_.try_emplace(key);
  SkillEffect& effect = place->second;
  if (is_new) {
    effect.verb = verb;
    effect.kind = kind;
    effect.object = std::string(object);
    by_object_.emplace(effect.object, std::move(key));
  }
  return effect;
}

SkillEffect* Collected::add(Verb verb, EffectKind kind, std::string_view object,
                            const Source& source, bool as_root) {
  std::size_t& count = counts_[{verb, kind}];
  // Each file comes up once. Of a million, those past the limit are not even looked up.
  const bool comes_once = kind == EffectKind::File || kind == EffectKind::Permissions;
  const bool is_full = count >= kMostEffectsOfAKind;
  const std::string name = is_full && comes_once ? std::string() : shown(printable(object));
  const bool is_new = !effects_.contains(Key(verb, kind, name));
  if (is_full && is_new) {
    ++omitted_[{verb, kind}];
    return nullptr;
  }
  if (is_new) ++count;
  SkillEffect& effect = at(verb, kind, name);
  effect.as_root |= as_root;
  if (effect.evidence.size() < kMostEffectSources &&
      std::find(effect.evidence.begin(), effect.evidence.end(), source) == effect.evidence.end())
    effect.evidence.push_back(source);
  return &effect;
}

SkillEffect* Collected::add_found(Verb verb, EffectKind kind, std::string_view object) {
  std::size_t& count = found_[{verb, kind}];
  if (count >= kMostEffectsOfAKind) {
    ++omitted_[{verb, kind}];
    return nullptr;
  }
  ++count;
  return &at(verb, kind, object);
}

std::vector<SkillEffect*> Collected::about(std::string_view object,
                                           const std::vector<Verb>& verbs) {
  std::vector<SkillEffect*> found;
  const auto [begin, end] = by_object_.equal_range(object);
  for (auto at = begin; at != end; ++at) {
    SkillEffect& effect = effects_.at(at->second);
    if (std::find(verbs.begin(), verbs.end(), effect.verb) != verbs.end()) found.push_back(&effect);
  }
  return found;
}

std::vector<SkillEffect*> Collected::in_group(std::string_view label,
                                              const std::vector<Verb>& verbs) {
  std::vector<SkillEffect*> found;
  const bool is_folder = label.ends_with('/');
  if (!is_folder && label.find('*') == std::string_view::npos) return found;
  for (auto& [key, effect] : effects_) {
    const bool is_meant = is_folder ? effect.object.starts_with(label) ||
                                          effect.object == label.substr(0, label.size() - 1)
                                    : matches_glob(label, effect.object);
    const bool is_verb = std::find(verbs.begin(), verbs.end(), effect.verb) != verbs.end();
    if (is_meant && is_verb && effect.kind == EffectKind::File) found.push_back(&effect);
  }
  return found;
}

SkillEffects Collected::all() const {
  SkillEffects effects{.omitted = omitted_};
  for (const auto& [key, effect] : effects_) effects.list.push_back(effect);
  return effects;
}

std::size_t SkillEffects::all_omitted() const {
  std::size_t all = 0;
  for (const auto& [key, count] : omitted) all += count;
  return all;
}

std::size_t SkillEffects::omitted_of(Verb verb, EffectKind kind) const {
  const auto at = omitted.find({verb, kind});
  return at == omitted.end() ? 0 : at->second;
}

}  // namespace skillaudit
