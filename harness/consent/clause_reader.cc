#include "harness/consent/clause_reader.h"

#include "harness/consent/asides.h"

#include <algorithm>
#include <utility>

namespace skillaudit {

namespace {

bool names_object(const Token& token) {
  return token.kind == Token::Kind::Code || !token.objects.empty();
}

}  // namespace

ClauseReader::ClauseReader(const Sentence& sentence, const SentenceContext& context)
    : sentence_(sentence), context_(context), tokens_(sentence.tokens) {
  state_.active = context.intro;
  if (context.intro.denied) state_.denial = Denial::Never;
}

SentenceReading ClauseReader::read() {
  for (at_ = 0; at_ < tokens_.size(); ++at_) step();
  bind_orphan();
  finish();
  return std::move(reading_);
}

std::string_view ClauseReader::word_at(std::size_t at) const {
  return at < tokens_.size() && tokens_[at].kind == Token::Kind::Word ? tokens_[at].lower
                                                                      : std::string_view{};
}

void ClauseReader::step() {
  const Token& token = tokens_[at_];
  if (token.kind == Token::Kind::Punctuation) return punctuation();
  if (token.kind == Token::Kind::Code && !token.claims.empty()) return command_token();
  if (token.kind == Token::Kind::Code || !token.objects.empty()) return object_token();
  if (!token.quoted) word();
}

void ClauseReader::punctuation() {
  const char mark = tokens_[at_].text[0];
  if (mark == ',') {
    state_.comma = true;
    if (state_.until_comma) return break_clause(false);
    state_.subject.clear();
    state_.fresh_denial = false;
    ++part_;
    // "into the folder for programs, `~/bin/x`"
    const bool bound_later =
        state_.active.usage == VerbUsage::Passive || state_.active.usage == VerbUsage::Reduced;
    if (state_.active.role == ObjectRole::Aside && !bound_later)
      state_.active.role = state_.before_aside;
  } else if (mark == ';') {
    break_clause(false);
  } else if (mark == '(') {
    if (parentheses_.size() < 8) parentheses_.push_back(state_);
  } else if (mark == ')') {
    if (!parentheses_.empty()) {
      state_ = std::move(parentheses_.back());
      parentheses_.pop_back();
    }
  } else if (mark == '-') {
    break_clause(false);
  } else if (mark == ':') {
    if (state_.active.empty()) state_.denial = Denial::None;
    ++part_;
    state_.comma = true;
    state_.subject.clear();
  }
}

void ClauseReader::word() {
  const std::string_view word = tokens_[at_].lower;
  if (is_unaffected(word)) return unaffected();
  if (word == "as" && is_pronoun(word_at(at_ + 1)) && is_be(word_at(at_ + 2))) return unaffected();
  if (small_word(word)) return;
  const VerbUse use = verb_use(tokens_, at_, has_predicate_ || !state_.active.empty());
  if (use.usage != VerbUsage::None && !is_plain_noun(use)) {
    verb(use);
    if (use.takes_particle) ++at_;
    return;
  }
  if (const Preposition kind = preposition(word); kind != Preposition::None)
    return preposition_word(word, kind);
  if (is_pronoun(word) && !state_.active.empty() && !state_.has_object &&
      !(at_ == 2 && word_at(0) == "to") &&  // "To remove it, …" names an aim
      state_.active.role == ObjectRole::Direct && state_.active.usage != VerbUsage::Passive &&
      last_verb_ + 1 == at_ && state_.active.verbs.back()->lemma != "use")  // "Use it when …"
    return bind_antecedents(word != "it" && word != "this");
  if (is_adverb(word)) return;
  name_word();
  if (state_.subject.size() < 16) state_.subject.push_back(word);
}

/// "writes the summary to": the noun belongs to the verb before it. "makes changes to" and "saves a
/// copy of" have verbs in their nouns.
bool ClauseReader::is_plain_noun(const VerbUse& use) const {
  if (use.usage != VerbUsage::Noun || state_.active.empty() || state_.has_object) return false;
  if (state_.active.role != ObjectRole::Direct || word_at(at_ + 1) == "of") return false;
  const std::string_view lemma = state_.active.verbs.back()->lemma;
  return lemma != "make" && lemma != "need" && lemma != "require";
}

void ClauseReader::preposition_word(std::string_view word, Preposition kind) {
  OpenPredicate& active = state_.active;
  // "copies the words that come with it to `a`": the relative clause has no verb that matters.
  if (active.empty() && !state_.resume.empty()) active = std::exchange(state_.resume, {});
  const bool of_noun = active.usage == VerbUsage::Noun;
  if (word == "like") state_.example = true;
  if (of_noun && at_ == last_verb_ + 1 && (kind == Preposition::Of || kind == Preposition::Into)) {
    // "a copy of", "changes to": the preposition leads to the direct object.
    const bool direct = kind == Preposition::Of || active.verbs[0]->into.empty();
    active.role = direct ? ObjectRole::Direct : ObjectRole::Into;
    return;
  }
  if (of_noun && !state_.outer.empty() && kind != Preposition::Of) {
    active = std::move(state_.outer);  // "saves a copy of `a` to `b`"
    state_.outer = {};
  }
  state_.within = word == "in" || word == "inside" || word == "under" || word == "below" ||
                  word == "beneath" || word == "within";
  if (kind == Preposition::Into) active.role = ObjectRole::Into;
  if (kind == Preposition::From) active.role = ObjectRole::From;
  if (kind == Preposition::With) active.role = ObjectRole::With;
  if (kind == Preposition::Other && active.role != ObjectRole::Aside) {
    state_.before_aside = active.role;
    active.role = ObjectRole::Aside;
  }
}

/// Words that change how what follows is read. True where `word` was one.
bool ClauseReader::small_word(std::string_view word) {
  if (word == "tell" || word == "tells" || word == "suggest" || word == "suggests" ||
      word == "recommend" || word == "recommends" || word == "advise" || word == "remind" ||
      word == "let" || word == "lets" || word == "explain" || word == "explains")
    advice_ = true;
  if (is_detecting(word)) detects_ = true;
  if (exception(word)) return true;
  if (word == "whether" || (word == "from" && word_at(at_ + 1) == "being")) {
    break_clause(false);
    state_.hypothetical = true;
    return true;
  }
  if (word == "nor" && !state_.active.empty()) {
    conjunction(word);
    return true;
  }
  if (is_negator(word)) {
    negate(word);
    return true;
  }
  if (word == "and" || word == "or" || word == "nor" || word == "then" || word == "&" ||
      word == "plus") {
    conjunction(word);
    return true;
  }
  if (word == "but" && !state_.active.empty() && !state_.has_object && mentions_.empty()) {
    // "reads but does not modify `a`": the object is yet to come.
    pending_ = state_.active;
    break_clause(false);
    return true;
  }
  if (word == "outside" || word == "beyond") {
    state_.flips = state_.denial != Denial::None;
    return true;
  }
  if (relative_clause(word)) {
    break_clause(true);
    return true;
  }
  if (word == "but" || breaks_clause(word)) {
    break_clause(false);
    return true;
  }
  if (is_hypothetical(word)) {
    state_.hypothetical = true;
    return true;
  }
  if (word == "such" && word_at(at_ + 1) == "as") {
    state_.example = true;
    ++at_;
    return true;
  }
  if (word == "e.g" || word == "example" || word == "instance" || word == "i.e") {
    state_.example = word != "i.e";
    return true;
  }
  return is_be(word) || (is_modal(word) && word != "let" && word != "lets");
}

/// Whether `word` begins a relative clause.
bool ClauseReader::relative_clause(std::string_view word) const {
  if (word != "which" && word != "that" && word != "who") return false;
  // "programs that upload", but not "says that": the verb has its object already.
  const bool of_noun = word == "that" && at_ > 0 && (last_verb_ + 1 != at_ || !has_predicate_) &&
                       !word_at(at_ - 1).empty() &&
                       preposition(word_at(at_ - 1)) == Preposition::None;
  return of_noun || is_be(word_at(at_ + 1)) || is_modal(word_at(at_ + 1)) ||
         is_negator(word_at(at_ + 1)) || is_adverb(word_at(at_ + 1)) ||
         find_verb(word_at(at_ + 1), "").form == VerbForm::Third;
}

/// "except", "other than", "nothing but", "instead of".
bool ClauseReader::exception(std::string_view word) {
  const std::string_view next = word_at(at_ + 1);
  const bool pair = (word == "other" && next == "than") || (word == "apart" && next == "from") ||
                    (word == "aside" && next == "from");
  const bool nothing_but = word == "but" && state_.denial == Denial::Nothing;
  if (is_exceptor(word) || pair || nothing_but) {
    if (pair) ++at_;
    state_.flips = true;
    return true;
  }
  const bool instead = (word == "instead" && next == "of") || (word == "rather" && next == "than");
  if (!instead) return false;
  ++at_;
  state_.until_comma = at_ == 1;
  state_.denial = Denial::Never;
  state_.active.denied = true;
  return true;
}

void ClauseReader::negate(std::string_view word) {
  const std::string_view next = word_at(at_ + 1);
  if (word == "not" && (next == "only" || next == "just" || next == "merely" || next == "yet")) {
    ++at_;
    return;
  }
  // "sends the count, and nothing else of it, to": what came before is meant, named or not.
  const bool after_and = at_ > 0 && word_at(at_ - 1) == "and" && !state_.active.empty();
  if ((word == "no" || word == "nothing") && next == "else" && (state_.has_object || after_and))
    return;
  const bool whole = word == "nothing" || word == "no" || word == "none" || word == "without" ||
                     word == "nobody" || word == "neither";
  state_.denial = whole ? Denial::Nothing : word == "never" ? Denial::Never : Denial::Auxiliary;
  state_.fresh_denial = true;
  // "writes nothing to", "sends no data to": of the verb that came before, for what follows.
  if (whole && !state_.active.empty() && word != "without") state_.active.denied = true;
}

void ClauseReader::break_clause(bool relative) {
  const OpenPredicate intro = has_predicate_ ? OpenPredicate{} : state_.active;
  const bool keeps_intro = !has_predicate_ && !context_.intro.empty();
  const bool unclear = relative && !has_predicate_ && state_.denial != Denial::None;
  OpenPredicate resume = relative && has_predicate_ ? state_.active : OpenPredicate{};
  state_ = {};
  if (keeps_intro) {
    state_.active = intro;
    if (intro.denied) state_.denial = Denial::Never;
  }
  state_.relative = relative;
  state_.unclear = unclear;
  const std::string_view before = at_ > 0 ? word_at(at_ - 1) : std::string_view{};
  state_.of_others = relative && detects_ && !before.empty() && !names_object(tokens_[at_ - 1]);
  state_.resume = std::move(resume);
  ++clause_;
  part_ = 0;
}

void ClauseReader::conjunction(std::string_view word) {
  ++part_;
  state_.subject.clear();
  state_.fresh_denial = false;
  if (word == "or" || word == "nor")
    state_.disjunction = true;
  else
    state_.conjunction = true;
  if (word == "nor") state_.denial = Denial::Never;
}

/// Where "leaves", "stays" or "is" stands, to which "alone" or "as it is" belongs; npos for none.
std::size_t ClauseReader::leaving_verb() const {
  for (std::size_t i = at_; i > 0 && at_ - i < 24; --i) {
    const std::string_view word = word_at(i - 1);
    if (word.starts_with("leav") || word == "left" || word.starts_with("stay") ||
        word.starts_with("remain") || word.starts_with("keep") || word == "kept" || is_be(word))
      return i - 1;
  }
  return std::string_view::npos;
}

/// "leaves `~/.ssh/config` alone", "the file stays as it is": said of the objects after a verb that
/// takes some, else of those before it.
void ClauseReader::unaffected() {
  const std::size_t verb_at = leaving_verb();
  if (verb_at == std::string_view::npos) return;
  const std::string_view verb = word_at(verb_at);
  const bool transitive = verb.starts_with("leav") || verb.starts_with("keep") || verb == "kept" ||
                          (verb == "left" && verb_at > 0 && !is_be(word_at(verb_at - 1)));
  const bool denied = state_.denial != Denial::None && state_.active.denied;
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < mentions_.size(); ++i) {
    if (mentions_[i].clause != clause_) continue;
    if (transitive ? mentions_[i].token > verb_at : mentions_[i].token < verb_at)
      found.push_back(i);
  }
  // "reads `a`, and `b` stays as it is"
  if (!transitive && has_predicate_ && last_verb_ < verb_at)
    std::erase_if(found, [&](std::size_t i) { return mentions_[i].part != part_; });
  if (found.empty() && transitive && is_pronoun(word_at(verb_at + 1)) && !mentions_.empty())
    found.push_back(mentions_.size() - 1);
  for (const std::size_t i : found) {
    retract(i);
    ConsentClaim& claim = add_claim(
        mentions_[i].object, {Verb::Modify, Verb::Overwrite, Verb::Delete}, {}, Binding::Named);
    claim.polarity = Polarity::Denied;
    claim.why_not = denied ? WhyNot::Unclear : WhyNot::Denied;
    mentions_[i].claims.push_back(reading_.claims.size() - 1);
  }
}

SentenceReading read_sentence(const Sentence& whole, const SentenceContext& context) {
  const Sentence sentence = without_asides(whole);
  SentenceReading reading = ClauseReader(sentence, context).read();
  finish_sentence(sentence, context, reading);
  return reading;
}

}  // namespace skillaudit
