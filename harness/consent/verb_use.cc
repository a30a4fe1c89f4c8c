#include "harness/consent/verb_use.h"

#include <string_view>

#include "harness/consent/word_class.h"

namespace skillaudit {
namespace {

/// A word with its neighbours. Empty texts stand for what is no word.
struct Neighbours {
  std::string_view before;  ///< the word directly before
  std::string_view two_before;
  std::string_view after;
  bool starts = false;         ///< nothing, or punctuation that separates, comes before
  bool after_object = false;   ///< a code span or path comes before
  bool before_object = false;  ///< one comes after
  bool be_before = false;      ///< "is", "not always" and the like between
  bool perfect = false;        ///< "has"
};

std::string_view word_at(const std::vector<Token>& tokens, std::size_t at) {
  return at < tokens.size() && tokens[at].kind == Token::Kind::Word ? tokens[at].lower
                                                                    : std::string_view{};
}

bool names_object(const std::vector<Token>& tokens, std::size_t at) {
  return at < tokens.size() &&
         (tokens[at].kind == Token::Kind::Code || !tokens[at].objects.empty());
}

Neighbours neighbours(const std::vector<Token>& tokens, std::size_t at) {
  Neighbours near;
  near.starts = at == 0;
  if (at > 0) {
    near.before = word_at(tokens, at - 1);
    near.starts = tokens[at - 1].kind == Token::Kind::Punctuation;
    near.after_object = names_object(tokens, at - 1);
  }
  if (at > 1) near.two_before = word_at(tokens, at - 2);
  near.after = word_at(tokens, at + 1);
  near.before_object = names_object(tokens, at + 1);
  // "is never automatically deleted"
  for (std::size_t i = at; i > 0 && at - i < 8; --i) {
    const std::string_view word = word_at(tokens, i - 1);
    if (is_be(word)) near.be_before = true;
    if (word == "has" || word == "have" || word == "had") near.perfect = true;
    const bool between = is_negator(word) || is_adverb(word) || word == "and" || word == "or" ||
                         find_verb(word, "").entry != nullptr;
    const bool comma = tokens[i - 1].kind == Token::Kind::Punctuation && tokens[i - 1].text == ",";
    if (near.be_before || near.perfect || (!between && !comma)) break;
  }
  return near;
}

bool noun_context(const Neighbours& near) {
  if (is_determiner(near.before) && !is_adverb(near.before)) return true;
  const Preposition before = preposition(near.before);
  return before == Preposition::Of || before == Preposition::From ||
         (before == Preposition::Into && near.before != "to") || before == Preposition::With ||
         near.before == "for" || near.before == "between" || near.before == "without";
}

bool takes_noun_complement(std::string_view after) {
  return after == "of" || after == "to" || after == "in" || after == "into" || after == "from" ||
         after == "at" || after == "on";
}

VerbUsage base_usage(const VerbEntry& entry, const Neighbours& near, bool has_predicate) {
  if (near.before == "to") return VerbUsage::Infinitive;
  if (noun_context(near))
    return takes_noun_complement(near.after) ? VerbUsage::Noun : VerbUsage::None;
  if (is_be(near.after) || near.after == "of") return VerbUsage::None;
  if (!entry.particle.empty() && entry.particle == near.after) return VerbUsage::Bare;
  // "Under no circumstances will it upload"
  if (near.before == "it" && is_modal(near.two_before)) return VerbUsage::Bare;
  if (is_modal(near.before) || is_negator(near.before) || is_hypothetical(near.before) ||
      near.before == "you" || near.before == "they" || near.before == "we" || near.before == "i" ||
      near.before == "which" || near.before == "that" || near.before == "helps" ||
      near.before == "skills" || near.before == "scripts" || near.before == "units")
    return VerbUsage::Bare;
  const bool mostly_noun = (entry.flags & kMostlyNoun) != 0;
  const bool object_follows = near.before_object || is_determiner(near.after) ||
                              is_pronoun(near.after) || near.after == "everything";
  if (near.starts || is_adverb(near.before))
    return mostly_noun && !object_follows ? VerbUsage::None : VerbUsage::Bare;
  if (near.before == "and" || near.before == "or" || near.before == "nor" || near.before == "but")
    return has_predicate && (!mostly_noun || object_follows) ? VerbUsage::Bare : VerbUsage::None;
  return object_follows && !near.after_object && !mostly_noun && near.before.empty()
             ? VerbUsage::Bare
             : VerbUsage::None;
}

VerbUsage third_usage(const VerbEntry& entry, const Neighbours& near) {
  if (noun_context(near) && near.before != "this")
    return takes_noun_complement(near.after) ? VerbUsage::Noun : VerbUsage::None;
  const bool after_subject =
      near.before == "it" || near.before == "skill" || near.before == "script";
  if (after_subject) return VerbUsage::Finite;  // "the files that it changes are"
  if (is_be(near.after) || is_modal(near.after) || near.after == "of") return VerbUsage::None;
  const bool mostly_noun = (entry.flags & kMostlyNoun) != 0;
  if (mostly_noun && near.starts && near.after.empty() && !near.before_object)
    return VerbUsage::None;
  return VerbUsage::Finite;
}

VerbUsage past_usage(VerbForm form, const Neighbours& near) {
  if (near.be_before && form != VerbForm::Past) return VerbUsage::Passive;
  if (near.perfect || form == VerbForm::Past) return VerbUsage::Past;
  if (near.before == "it" || near.before == "we" || near.before == "i" || near.before == "they" ||
      near.before == "skill" || near.before == "script" || near.before == "version")
    return VerbUsage::Past;
  return VerbUsage::Reduced;
}

}  // namespace

VerbUse verb_use(const std::vector<Token>& tokens, std::size_t at, bool has_predicate) {
  const std::string_view next = word_at(tokens, at + 1);
  VerbUse use;
  use.match = find_verb(tokens[at].lower, next);
  if (use.match.entry == nullptr) return use;
  // "cleans it up", "sets everything up"
  const std::string_view after_next = word_at(tokens, at + 2);
  if (use.match.entry->particle.empty() && after_next == "up")
    if (const VerbMatch match = find_verb(tokens[at].lower, after_next);
        match.entry != nullptr && !match.entry->particle.empty())
      use.match = match;
  const VerbEntry& entry = *use.match.entry;
  use.takes_particle = !entry.particle.empty() && entry.particle == next;
  const Neighbours near = neighbours(tokens, at);
  switch (use.match.form) {
    case VerbForm::Base:
      // "is put", "is read", "is set": the participle looks like the base.
      use.usage = near.be_before && !entry.participle.empty() && entry.participle == entry.lemma
                      ? VerbUsage::Passive
                      : base_usage(entry, near, has_predicate);
      break;
    case VerbForm::Third:
      use.usage = third_usage(entry, near);
      break;
    case VerbForm::Past:
    case VerbForm::Participle:
    case VerbForm::PastOrParticiple:
      use.usage = is_determiner(near.before) ? VerbUsage::None : past_usage(use.match.form, near);
      break;
    case VerbForm::Gerund:
      use.usage = is_determiner(near.before) && near.before != "no"
                      ? (near.after == "of" ? VerbUsage::Noun : VerbUsage::None)
                      : VerbUsage::Gerund;
      break;
    case VerbForm::Noun:
      use.usage =
          near.after == "of" || (is_negator(near.before) && takes_noun_complement(near.after))
              ? VerbUsage::Noun
              : VerbUsage::None;
      break;
  }
  return use;
}

}  // namespace skillaudit
