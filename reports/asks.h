#pragma once

#include <string>
#include <vector>

#include "harness/analysis/assessment.h"

namespace skillaudit {

/// What whoever installs the skill agrees to: effects that last, give something away or damage, and
/// that a sentence of the skill's documents names exactly. One entry for each sentence and verb.
struct Ask {
  Verb verb = Verb::Read;
  EffectClass effect_class = EffectClass::Lasting;
  std::vector<std::string> objects;  ///< printable, in the order of the assessment
  std::string statement;             ///< printable
  std::string place;                 ///< printable: "SKILL.md:12"
};

/// The gravest class first.
[[nodiscard]] std::vector<Ask> asks_of(const Assessment& assessment);

/// "`a`, `b` and 3 more": printable, text between backticks is code.
[[nodiscard]] std::string objects_in_words(const Ask& ask);

}  // namespace skillaudit
