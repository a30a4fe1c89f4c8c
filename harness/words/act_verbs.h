#pragma once

#include <string_view>

#include "harness/consent/lexicon.h"
#include "harness/words/asked.h"

namespace skillaudit {

/// A verb in one of its forms, and the act that it asks for.
struct ActVerb {
  std::string_view lemma;  ///< empty: none of ours
  Act act = Act::Run;
  bool talks = false;
  bool edits = false;
  VerbForm form = VerbForm::Base;
  bool takes_particle = false;  ///< the next word belongs to it: "set up", "look at"
};

/// `word` and `next` in lower case.
[[nodiscard]] ActVerb act_verb(std::string_view word, std::string_view next);

}  // namespace skillaudit
