#include <algorithm>

#include "harness/consent/clause_reader.h"

namespace skillaudit {
namespace {

bool only_small(const Token& token) {
  if (token.kind == Token::Kind::Punctuation) return token.text == ",";
  if (token.kind != Token::Kind::Word || !token.objects.empty()) return false;
  const std::string_view word = token.lower;
  return word == "and" || word == "or" || word == "nor" || word == "then" || word == "but" ||
         word == "either" || is_adverb(word) || is_negator(word) || is_be(word) || is_modal(word) ||
         word == "to";
}

/// "The file is deleted at the end": what the sentence before named.
bool names_a_thing(std::string_view word) {
  return word == "file" || word == "files" || word == "folder" || word == "directory" ||
         word == "copy" || word == "archive" || word == "package" || word == "unit" ||
         word == "database" || word == "document" || word == "script" || word == "link";
}

}  // namespace

/// Whether nothing but commas and conjunctions stands between this verb and the one before:
/// "reads and writes", "never copied, moved or deleted".
bool ClauseReader::coordinated() const {
  if (state_.active.empty() || !has_predicate_) return false;
  for (std::size_t i = last_verb_ + 1; i < at_; ++i)
    if (!only_small(tokens_[i])) return false;
  return state_.comma || state_.conjunction || state_.disjunction;
}

bool ClauseReader::stays_denied(const VerbUse& use, bool together, WhyNot& why) const {
  if (state_.denial == Denial::None) return false;
  const bool separated =
      !state_.fresh_denial && (state_.comma || state_.conjunction || state_.disjunction);
  // The negation stands after the last separator, or the verbs share it.
  if (!separated || state_.disjunction) return true;
  if (together) {
    // "does not read and writes": the second verb is a statement of its own.
    const bool new_statement = use.usage == VerbUsage::Finite && state_.conjunction &&
                               state_.active.usage == VerbUsage::Bare;
    return !new_statement;
  }
  const bool finite = use.usage == VerbUsage::Finite || use.usage == VerbUsage::Passive;
  if (finite && state_.conjunction && (state_.denial != Denial::Never || state_.comma))
    return false;
  why = WhyNot::Unclear;
  return true;
}

Speaker ClauseReader::speaker_of(const VerbUse& use, bool& loose, WhyNot& why) const {
  const bool infinitive = use.usage == VerbUsage::Infinitive;
  const std::string_view two_before = at_ > 1 ? word_at(at_ - 2) : std::string_view{};
  if (infinitive && (two_before == "how" || two_before == "where" || two_before == "whether" ||
                     two_before == "what" || two_before == "which" || two_before == "used"))
    why = two_before == "used" ? WhyNot::Hypothetical : WhyNot::Example;
  bool user = false;
  bool other = false;
  bool skill = state_.subject.empty();
  for (const std::string_view word : state_.subject) {
    user = user || is_user_word(word);
    other = other || is_other_word(word);
    skill = skill || is_skill_word(word);
  }
  if (use.usage == VerbUsage::Passive || use.usage == VerbUsage::Reduced) return Speaker::Skill;
  if ((user || advice_) && (infinitive || use.usage != VerbUsage::Gerund) &&
      (user || (infinitive && advice_))) {
    why = WhyNot::Users;
    return Speaker::User;
  }
  if (other && use.usage != VerbUsage::Gerund && !infinitive) {
    why = WhyNot::Others;
    return Speaker::Other;
  }
  const std::string_view before = at_ > 0 ? word_at(at_ - 1) : std::string_view{};
  // "Avoid running …" tells the agent.
  const bool told = use.usage == VerbUsage::Gerund && state_.subject.empty() &&
                    (before == "avoid" || before == "stop" || before == "skip");
  // "does not modify": of the subject before; "do not modify" tells.
  bool auxiliary = false;
  for (std::size_t i = at_; i > 0 && at_ - i < 3; --i)
    auxiliary = auxiliary || word_at(i - 1) == "does" || word_at(i - 1) == "doesn't" ||
                word_at(i - 1) == "will" || word_at(i - 1) == "won't" || word_at(i - 1) == "can" ||
                word_at(i - 1) == "cannot" || word_at(i - 1) == "can't";
  for (const std::string_view word : state_.subject)
    if (word == "agent" || word == "claude" || word == "assistant" || word == "model" ||
        word == "you")
      return Speaker::Agent;
  if (auxiliary) return Speaker::Skill;
  const bool imperative = told || (use.usage == VerbUsage::Bare && state_.subject.empty());
  const bool object_subject = at_ > 0 && (tokens_[at_ - 1].kind == Token::Kind::Code);
  if (!skill && !imperative && !infinitive && use.usage == VerbUsage::Finite && !object_subject &&
      !state_.relative)
    loose = true;
  return imperative || (infinitive && state_.subject.empty()) ? Speaker::Agent : Speaker::Skill;
}

void ClauseReader::verb(const VerbUse& use) {
  const bool together = coordinated();
  WhyNot why = state_.hypothetical ? WhyNot::Hypothetical : WhyNot::Covers;
  const bool denied = stays_denied(use, together, why);
  // "`a` and `b` writes `c`": b is the subject of a new clause, no object of the old one.
  if (use.usage == VerbUsage::Finite && !state_.relative && !mentions_.empty() &&
      mentions_.back().token + 1 == at_ && mentions_.back().part == part_ &&
      (state_.comma || state_.conjunction))
    retract(mentions_.size() - 1);
  OpenPredicate next;
  next.speaker = speaker_of(use, next.loose, why);
  if (together && !state_.active.empty() && state_.subject.empty()) {
    next.verbs = state_.active.verbs;
    next.speaker = state_.active.speaker;
    if (why == WhyNot::Covers && next.speaker == state_.active.speaker) why = state_.active.why_not;
    next.loose = state_.active.loose;
    if (denied != state_.active.denied) next.verbs.clear();
  } else if (state_.subject.empty() && has_predicate_ &&
             (use.usage != VerbUsage::Bare || is_negator(word_at(at_ - 1)) ||
              is_modal(word_at(at_ - 1))) &&
             (state_.comma || state_.conjunction) && !state_.active.empty()) {
    // A second predicate of the same subject.
    next.speaker = state_.active.speaker;
    next.loose = next.loose || state_.active.loose;
    if (state_.active.why_not == WhyNot::Users || state_.active.why_not == WhyNot::Others)
      why = state_.active.why_not;
  }
  if (state_.unclear && why == WhyNot::Covers) why = WhyNot::Unclear;
  if (state_.of_others) why = WhyNot::Others;
  if (use.usage == VerbUsage::Noun && detects_ && why == WhyNot::Covers) why = WhyNot::Unclear;
  if (use.usage == VerbUsage::Past) why = WhyNot::Hypothetical;
  const bool of_noun = state_.active.usage == VerbUsage::Noun;
  if (use.usage == VerbUsage::Noun) {
    state_.outer = of_noun || state_.has_object ? OpenPredicate{} : state_.active;
  } else {
    state_.outer = {};
  }
  next.verbs.push_back(use.match.entry);
  next.usage = use.usage;
  next.denied = denied;
  next.why_not = why;
  next.role = use.usage == VerbUsage::Reduced || use.usage == VerbUsage::Passive
                  ? ObjectRole::Aside
                  : ObjectRole::Direct;
  if (!denied) state_.denial = Denial::None;
  state_.active = std::move(next);
  // "No connection to `h` is made": the noun has bound it.
  const bool light = of_noun && use.match.entry->lemma == "make";
  if (use.usage == VerbUsage::Passive && !light) passive(use, together);
  state_.has_object = false;
  state_.comma = state_.conjunction = state_.disjunction = state_.fresh_denial = false;
  state_.subject.clear();
  state_.example = false;
  has_predicate_ = true;
  last_verb_ = use.takes_particle ? at_ + 1 : at_;
  const bool sets = (use.match.entry->flags & kSets) != 0;
  if (sets && !denied && why == WhyNot::Covers) reading_.sets = true;
}

/// The objects that a passive verb is said of: those before it.
std::vector<std::size_t> ClauseReader::passive_subjects() const {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < mentions_.size(); ++i) {
    const Mention& mention = mentions_[i];
    if (mention.clause != clause_ || mention.by_reduced) continue;
    // Objects of another verb of the clause are its own, unless this part of it begins with them.
    if (mention.token > last_verb_ || !has_predicate_) found.push_back(i);
  }
  // "…, and existing images are never replaced": a subject of its own, which is no object.
  const bool own_subject =
      has_predicate_ && std::any_of(state_.subject.begin(), state_.subject.end(),
                                    [](std::string_view word) { return !is_pronoun(word); });
  if (own_subject && !state_.relative)
    std::erase_if(found, [&](std::size_t i) { return mentions_[i].part != part_; });
  if (has_predicate_ && found.size() > 1 && !state_.relative) {
    // "reads `a`, and `b` is deleted"
    std::vector<std::size_t> of_part;
    for (const std::size_t i : found)
      if (mentions_[i].part == part_) of_part.push_back(i);
    if (!of_part.empty() && of_part.size() < found.size() &&
        state_.active.role != ObjectRole::Aside)
      return of_part;
  }
  return found;
}

void ClauseReader::passive(const VerbUse&, bool together) {
  std::vector<std::size_t> subjects = together ? subjects_ : passive_subjects();
  if (subjects.empty() && state_.relative && !mentions_.empty())
    subjects.push_back(mentions_.size() - 1);
  const ObjectRole role = state_.active.role;
  state_.active.role = ObjectRole::Direct;
  if (!subjects.empty()) {
    for (const std::size_t index : subjects) {
      if (!together && !state_.relative) retract(index);
      bind(index);
    }
  } else {
    bool pronoun = state_.subject.empty();
    bool singular = false;
    bool definite = false;
    for (const std::string_view word : state_.subject) {
      pronoun = pronoun || is_pronoun(word);
      singular = singular || word == "it" || word == "this";
      definite = definite || names_a_thing(word);
    }
    if (pronoun || definite) bind_antecedents(pronoun && !singular);
  }
  state_.active.role = role;
  subjects_ = std::move(subjects);
}

/// "deletes them", "it is deleted": what the clause or sentence before named. `exactly`: all of it,
/// by a plural; a singular is exact where there is but one.
void ClauseReader::bind_antecedents(bool exactly) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < mentions_.size(); ++i)
    if (found.empty() || mentions_[i].clause == mentions_[found.back()].clause)
      found.push_back(i);
    else
      found.assign(1, i);
  if (found.empty()) {
    const std::size_t before = mentions_.size();
    for (const ConsentObject& object : context_.antecedents) mention(object);
    for (std::size_t i = before; i < mentions_.size(); ++i) found.push_back(i);
  }
  const bool exact = exactly || found.size() == 1;
  for (const std::size_t index : found) bind(index, exact);
  if (state_.active.usage != VerbUsage::Passive) state_.has_object = true;
}

/// "Current conditions and a forecast from `api.weather.example`.": a heading's or a description's
/// phrase without a verb, which says what the skill brings, and from whom.
bool ClauseReader::comes_from(const Mention& mention) const {
  constexpr std::size_t kFarthest = 6;
  if (!mention.before_verbs || mention.object.kind != ConsentKind::Host ||
      mention.why_not != WhyNot::Covers)
    return false;
  for (std::size_t at = mention.token; at > 0 && mention.token - at < kFarthest; --at) {
    const Token& before = tokens_[at - 1];
    if (before.kind != Token::Kind::Word) return false;
    if (before.lower == "from") return at > 1;
  }
  return false;
}

}  // namespace skillaudit
