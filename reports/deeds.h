#pragma once

#include <string>
#include <vector>

#include "harness/analysis/assessment.h"
#include "harness/effects/effects.h"
#include "harness/evidence/evidence.h"

namespace skillaudit {

/// How a fact reads to whoever decides.
enum class Tone {
  Grave,    ///< damage, harm or tampering that nothing excuses
  Warning,  ///< what lasts or exposes, and nothing excuses
  Plain,    ///< it happened
  Fine,     ///< it did not happen, or all of it was seen
};

/// Effects of one kind that a person would tell of in one phrase.
struct Deed {
  Tone tone = Tone::Plain;
  std::string text;  ///< "deleted 6 of your files"; printable, text between backticks is code
};

/// What the skill did, worst first: effects that findings are about, then those that it asks for,
/// then what it wrote, installed and addressed. What only a list would tell (commands that ran,
/// documents that it opened) is left out.
/// `effects`: effects_of() the two.
[[nodiscard]] std::vector<Deed> deeds_of(const Evidence& evidence, const Assessment& assessment,
                                         const SkillEffects& effects);

}  // namespace skillaudit
