#pragma once

#include <cstdint>
#include <vector>

#include "harness/consent/lexicon.h"
#include "harness/consent/statement.h"
#include "harness/consent/verb_use.h"
#include "harness/consent/words.h"

namespace skillaudit {

/// How the next object of a predicate relates to its verbs.
enum class ObjectRole : std::uint8_t { Direct, Into, From, With, Aside };

/// Why a clause is denied: what may follow "and" depends on it.
enum class Denial : std::uint8_t { None, Auxiliary, Never, Nothing };

/// Verbs that wait for objects: within a sentence, or of "It writes:" for the list below.
struct OpenPredicate {
  std::vector<const VerbEntry*> verbs;
  VerbUsage usage = VerbUsage::None;
  ObjectRole role = ObjectRole::Direct;
  bool denied = false;
  bool loose = false;
  WhyNot why_not = WhyNot::Covers;
  Speaker speaker = Speaker::Skill;

  [[nodiscard]] bool empty() const { return verbs.empty(); }
};

struct SentenceContext {
  StatementKind kind = StatementKind::Sentence;
  OpenPredicate intro;                     ///< of the list or table that it stands in
  std::vector<ConsentObject> antecedents;  ///< what "it" and "them" may mean
  WhyNot section = WhyNot::Covers;         ///< what its heading says of all below
};

struct SentenceReading {
  std::vector<ConsentClaim> claims;
  std::vector<ConsentObject> objects;  ///< antecedents for the next sentence
  OpenPredicate open;                  ///< the last predicate
  bool sets = false;                   ///< affirmed, with a verb that sets a value
};

/// Binds verbs to objects in one sentence. Deterministic and linear in the sentence; a grammar of
/// patterns, not of English: what it cannot bind it leaves as mentioned, and where a sentence can
/// be read in two ways it covers nothing.
[[nodiscard]] SentenceReading read_sentence(const Sentence&, const SentenceContext&);

}  // namespace skillaudit
