#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "harness/consent/lexicon.h"
#include "harness/consent/words.h"

namespace skillaudit {

enum class VerbUsage : std::uint8_t {
  None,
  Finite,      ///< "it writes"
  Bare,        ///< imperative, or after a modal: "write", "does not write"
  Infinitive,  ///< "to write"
  Gerund,      ///< "by writing"
  Passive,     ///< "is written"
  Reduced,     ///< "a report written to"
  Past,        ///< "it wrote"
  Noun,        ///< "a copy of", "changes to"
};

struct VerbUse {
  VerbMatch match;
  VerbUsage usage = VerbUsage::None;
  bool takes_particle = false;  ///< the next token belongs to it
};

/// Whether the word at `at` is used as a verb there, by its neighbours: "the report" is none,
/// "reports to" may be one. `has_predicate`: a verb came before it in the sentence.
[[nodiscard]] VerbUse verb_use(const std::vector<Token>& tokens, std::size_t at,
                               bool has_predicate);

}  // namespace skillaudit
