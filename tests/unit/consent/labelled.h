#pragma once

#include <string>
#include <vector>

#include "harness/consent/consent.h"

namespace skillaudit::testing {

/// What a sentence must say of one verb and object. In each label the object is asked for as an
/// audit would, with absolute paths.
struct Label {
  std::string text;  ///< of SKILL.md's body
  Verb verb;
  ConsentObject object;
  ConsentExtent extent;
  bool contradicts = false;  ///< it says of the skill that this is never done
};

/// Sentences as published skills have them: what an honest author expects to be covered.
[[nodiscard]] std::vector<Label> honest_labels();
/// What an attacker would like to be covered and must not be, and what is said of others.
[[nodiscard]] std::vector<Label> hostile_labels();

/// Of both kinds, written after the grammar stood.
[[nodiscard]] std::vector<Label> later_labels();

}  // namespace skillaudit::testing
