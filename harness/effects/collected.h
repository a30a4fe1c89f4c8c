#pragma once

#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "harness/effects/effects.h"

namespace skillaudit {

/// Effects as they come up, each once.
class Collected {
 public:
  /// `home` of the guest's user: paths below it are shown as "~/…", as findings name them.
  explicit Collected(std::string home) : home_(std::move(home)) {}

  /// `object` is raw. Null where there are too many of the verb and kind already.
  SkillEffect* add(Verb verb, EffectKind kind, std::string_view object, const Source& source,
                   bool as_root = false);
  /// As effects name it; `object` is printable.
  [[nodiscard]] std::string shown(std::string_view object) const;
  /// The effects of that object, as shown: of `verbs` alone. Empty: there is none.
  [[nodiscard]] std::vector<SkillEffect*> about(std::string_view object,
                                                const std::vector<Verb>& verbs);
  /// Of a group of files as findings name one ("/tmp/x-*.log", "~/out/"), each that is listed.
  [[nodiscard]] std::vector<SkillEffect*> in_group(std::string_view label,
                                                   const std::vector<Verb>& verbs);
  /// What a rule found and nothing else shows, or null. It has a limit of its own, so that no
  /// number of harmless effects hides it. `object` is as shown.
  SkillEffect* add_found(Verb verb, EffectKind kind, std::string_view object);
  [[nodiscard]] SkillEffects all() const;

 private:
  SkillEffect& at(Verb verb, EffectKind kind, std::string_view object);

  std::string home_;
  using Key = std::tuple<Verb, EffectKind, std::string>;
  std::map<Key, SkillEffect> effects_;
  std::multimap<std::string, Key, std::less<>> by_object_;
  using Counts = std::map<std::pair<Verb, EffectKind>, std::size_t>;
  Counts counts_;
  Counts found_;
  Counts omitted_;
};

}  // namespace skillaudit
