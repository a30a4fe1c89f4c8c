#pragma once

#include <cstdint>
#include <string_view>

#include "harness/consent/verb_set.h"

namespace skillaudit {

/// English verbs and what they do to their objects. One table (lexicon.cc), from which every
/// inflection follows: "write", "writes", "wrote", "written", "writing", "writing of".
struct VerbEntry {
  std::string_view lemma;
  std::string_view particle;  ///< "up" of "set up"; empty for most
  std::string_view past;      ///< where it is irregular, or doubles a consonant
  std::string_view participle;
  std::string_view noun;  ///< "deletion": with "of" it says what the verb says
  VerbSet direct;         ///< done to the direct object
  VerbSet into;           ///< done to what follows to, into, in, at, as, under
  VerbSet from;           ///< done to what follows from, out of
  std::uint8_t flags = 0;
};

/// What it names may be lost: "writes" says so only in general.
inline constexpr std::uint8_t kMayOverwrite = 1;
inline constexpr std::uint8_t kEncrypts = 2;
/// Says that something is needed, not that it happens.
inline constexpr std::uint8_t kNeeds = 4;
/// Sets a value: "makes Git use …", "sets …".
inline constexpr std::uint8_t kSets = 8;
/// Denied, it speaks of every use: "never touches".
inline constexpr std::uint8_t kAnyUse = 16;
/// As a bare word it is a noun more often than a verb: "process", "report".
inline constexpr std::uint8_t kMostlyNoun = 32;

enum class VerbForm : std::uint8_t {
  Base,        ///< "write": imperative, infinitive, or after a modal
  Third,       ///< "writes"
  Past,        ///< "wrote"
  Participle,  ///< "written"
  PastOrParticiple,
  Gerund,  ///< "writing"
  Noun,    ///< "deletion"
};

struct VerbMatch {
  const VerbEntry* entry = nullptr;
  VerbForm form = VerbForm::Base;
};

/// The verb that `word` (lower case) is a form of; `next` may be its particle. `entry` is null
/// where it is none.
[[nodiscard]] VerbMatch find_verb(std::string_view word, std::string_view next);

}  // namespace skillaudit
