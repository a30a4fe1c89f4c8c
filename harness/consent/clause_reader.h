#pragma once

#include <string_view>
#include <vector>

#include "harness/consent/sentence_reader.h"
#include "harness/consent/word_class.h"

namespace skillaudit {

/// The state of read_sentence() while it walks over the tokens.
class ClauseReader {
 public:
  ClauseReader(const Sentence& sentence, const SentenceContext& context);
  SentenceReading read();

 private:
  struct Mention {
    ConsentObject object;
    std::size_t token = 0;
    int clause = 0;
    int part = 0;                     ///< of the clause, between commas and conjunctions
    WhyNot why_not = WhyNot::Covers;  ///< where no verb is bound to it
    std::vector<std::size_t> claims = {};
    bool by_reduced = false;  ///< "files listed in `a`": not what a later verb is said of
    bool before_verbs = false;
  };
  struct State {  ///< what a parenthesis leaves as it was
    OpenPredicate active;
    Denial denial = Denial::None;
    bool has_object = false;  ///< the active verbs have one
    bool flips = false;       ///< after "except"
    bool example = false;     ///< after "such as"
    bool relative = false;    ///< the clause's subject is the object before it
    bool hypothetical = false;
    bool unclear = false;       ///< "it is not true that"
    bool of_others = false;     ///< "programs that …", of which it is said that they are found
    bool fresh_denial = false;  ///< negated since the last comma or conjunction
    bool until_comma = false;   ///< after "instead of" at the start
    bool within = false;        ///< the preposition was "in", "under" and the like
    OpenPredicate resume;       ///< before a relative clause
    OpenPredicate outer;        ///< that a noun stands in: "saves a copy of"
    ObjectRole before_aside = ObjectRole::Direct;
    bool comma = false, conjunction = false, disjunction = false;  ///< since the last verb
    std::vector<std::string_view> subject;
  };

  // clause_reader.cc: walking
  void step();
  void punctuation();
  void word();
  bool small_word(std::string_view word);
  [[nodiscard]] bool relative_clause(std::string_view word) const;
  bool exception(std::string_view word);
  void preposition_word(std::string_view word, Preposition kind);
  [[nodiscard]] bool is_plain_noun(const VerbUse& use) const;
  void negate(std::string_view word);
  void break_clause(bool relative);
  void conjunction(std::string_view word);
  [[nodiscard]] std::size_t leaving_verb() const;
  void unaffected();
  [[nodiscard]] std::string_view word_at(std::size_t at) const;

  // clause_verbs.cc: verbs and their subjects
  void verb(const VerbUse& use);
  [[nodiscard]] bool coordinated() const;
  [[nodiscard]] bool stays_denied(const VerbUse& use, bool together, WhyNot& why) const;
  [[nodiscard]] Speaker speaker_of(const VerbUse& use, bool& loose, WhyNot& why) const;
  void passive(const VerbUse& use, bool together);
  [[nodiscard]] std::vector<std::size_t> passive_subjects() const;
  void bind_antecedents(bool exactly);

  // clause_objects.cc: objects and claims
  void object_token();
  void command_token();
  void resume_list();
  void name_word();
  std::size_t mention(const ConsentObject& object);
  void bind(std::size_t mention_index, bool exactly = true);
  void retract(std::size_t mention_index);
  ConsentClaim& add_claim(const ConsentObject& object, VerbSet verbs, VerbSet loosely,
                          Binding binding);
  [[nodiscard]] VerbSet verbs_for(const VerbEntry& entry, const ConsentObject& object) const;
  void finish();
  void bind_orphan();
  [[nodiscard]] bool comes_from(const Mention& mention) const;

  const Sentence& sentence_;
  const SentenceContext& context_;
  const std::vector<Token>& tokens_;
  SentenceReading reading_;
  State state_;
  std::vector<State> parentheses_;
  OpenPredicate pending_;  ///< before "but", without an object so far
  std::vector<Mention> mentions_;
  std::vector<bool> retracted_;        ///< of reading_.claims
  std::vector<std::size_t> subjects_;  ///< of the last passive
  std::size_t at_ = 0;
  std::size_t last_verb_ = 0;
  int clause_ = 0;
  int part_ = 0;
  bool has_predicate_ = false;
  bool detects_ = false;  ///< "detects", "warns", "undoes"
  bool advice_ = false;   ///< "tell the user", "ask them"
};

/// What belongs together in one sentence: units with the command that they start, lines of cron,
/// ports, variables with their host, rights of root; and what the whole sentence does to its
/// claims: questions, "unless", "by hand", "a later version". clause_context.cc.
void finish_sentence(const Sentence&, const SentenceContext&, SentenceReading&);

/// Which of the verbs can be done to an object of this kind.
[[nodiscard]] VerbSet verbs_for_kind(ConsentKind kind, VerbSet verbs);

}  // namespace skillaudit
