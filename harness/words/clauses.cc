#include "harness/words/clauses.h"

#include <algorithm>
#include <array>
#include <string>

#include "harness/base/among.h"
#include "harness/consent/word_class.h"
#include "harness/words/act_verbs.h"

namespace skillaudit {
namespace {

// What may stand before an imperative and says nothing of it.
constexpr auto kPassedOver = std::to_array<std::string_view>(
    {"please",     "then", "first",   "second",     "third",  "next",     "finally",
     "afterwards", "now",  "also",    "always",     "just",   "simply",   "immediately",
     "step",       "so",   "instead", "thereafter", "lastly", "secretly", "only",
     "again",      "1",    "2",       "3",          "4",      "5",        "6",
     "7",          "8",    "9"});
constexpr auto kReaders = std::to_array<std::string_view>(
    {"you", "agent", "claude", "assistant", "model", "we", "it", "everyone", "always"});
constexpr auto kDuties = std::to_array<std::string_view>(
    {"must", "should", "shall", "need", "needs", "have", "has", "ought", "required", "are"});
// "make sure to", "do not forget to", "your task is to"
constexpr auto kBeforeTo = std::to_array<std::string_view>(
    {"sure",      "remember",  "forget",    "need",    "needs",    "required",  "have",
     "task",      "job",       "must",      "careful", "expected", "supposed",  "mandatory",
     "essential", "important", "necessary", "want",    "ought",    "fail",      "hesitate",
     "omit",      "begin",     "start",     "proceed", "continue", "instructed"});
constexpr auto kAbsences = std::to_array<std::string_view>(
    {"not", "missing", "fails", "failed", "absent", "unavailable", "doesn't", "isn't", "aren't",
     "cannot", "can't", "error", "errors", "don't", "no", "unless", "lacks", "without"});
constexpr auto kOpeners = std::to_array<std::string_view>(
    {"when",   "whenever", "if",      "before",     "after",     "once",    "to",
     "for",    "in",       "on",      "at",         "until",     "unless",  "as",
     "while",  "with",     "without", "by",         "since",     "because", "during",
     "from",   "using",    "under",   "upon",       "given",     "prior",   "throughout",
     "within", "across",   "through", "regardless", "depending", "based",   "assuming"});

class Finder {
 public:
  explicit Finder(const Sentence& sentence) : tokens_(sentence.tokens) {}

  std::vector<Clause> find() {
    for (at_ = 0; at_ < tokens_.size(); ++at_) look_at();
    for (std::size_t i = 0; i < clauses_.size(); ++i) {
      Clause& clause = clauses_[i];
      clause.end = i + 1 < clauses_.size() ? clauses_[i + 1].verb : tokens_.size();
      // "the key must be sent": its objects stand before it.
      if (clause.begin > clause.verb) clause.begin = clause.verb + 1;
    }
    std::erase_if(clauses_, [](const Clause& clause) { return clause.lemma == kDenied; });
    return std::move(clauses_);
  }

 private:
  static constexpr std::string_view kDenied = "denied";
  enum class Mood { None, Order, Denied };

  [[nodiscard]] std::string_view word(std::size_t at) const {
    return at < tokens_.size() && tokens_[at].kind == Token::Kind::Word
               ? std::string_view(tokens_[at].lower)
               : std::string_view{};
  }
  [[nodiscard]] bool is_mark(std::size_t at, char mark) const {
    return at < tokens_.size() && tokens_[at].kind == Token::Kind::Punctuation &&
           tokens_[at].text.size() == 1 && tokens_[at].text[0] == mark;
  }

  void look_at() {
    const Token& token = tokens_[at_];
    if (token.kind != Token::Kind::Word || token.quoted || !token.objects.empty()) return;
    ActVerb verb = act_verb(token.lower, word(at_ + 1));
    if (token.lower == "get" && word(at_ + 1) == "rid") verb = act_verb("rid", "");
    const bool passive = !verb.lemma.empty() && is_passive_order(verb.form);
    const bool gerund = !verb.lemma.empty() && verb.form == VerbForm::Gerund &&
                        (word(at_ - 1) == "by" || only_follows()) && has_order_;
    Mood mood = passive || gerund ? Mood::Order : Mood::None;
    if (!passive && !gerund && (verb.lemma.empty() || verb.form == VerbForm::Base))
      mood = mood_at();
    if (mood == Mood::None) return;
    if (verb.lemma.empty() && !could_be_verb(token.lower)) return;
    has_order_ = true;
    Clause clause{.act = verb.act, .lemma = verb.lemma, .begin = at_ + 1, .verb = at_};
    clause.talks = verb.talks;
    clause.edits = verb.edits;
    clause.on_absence = on_absence();
    if (passive) clause.begin = clauses_.empty() ? 0 : clauses_.back().verb + 1;
    if (mood == Mood::Denied) clause.lemma = kDenied;
    denied_ = mood == Mood::Denied;
    clauses_.push_back(clause);
    if (passive) {
      clauses_.back().verb = clauses_.back().begin == 0 ? 0 : clauses_.back().begin - 1;
      clauses_.back().begin = clauses_.back().verb;
    }
  }

  /// "start by reading `a` and fetching `b`"
  [[nodiscard]] bool only_follows() const {
    return (word(at_ - 1) == "and" || is_mark(at_ - 1, ',')) && !clauses_.empty() && by_seen();
  }
  [[nodiscard]] bool by_seen() const {
    for (std::size_t i = clauses_.back().verb; i < at_; ++i)
      if (word(i) == "by") return true;
    return at_ > 1 && clauses_.back().verb > 0 && word(clauses_.back().verb - 1) == "by";
  }

  [[nodiscard]] std::size_t before(std::size_t at) const {
    while (at > 0) {
      --at;
      const std::string_view each = word(at);
      const bool passed =
          !each.empty() && (among(kPassedOver, each) || is_adverb(each)) && !is_negator(each);
      if (!passed) return at;
    }
    return npos;
  }
  static constexpr std::size_t npos = std::string::npos;

  /// A word that no table knows is a verb at most where an order begins and an object follows.
  [[nodiscard]] bool could_be_verb(std::string_view each) const {
    if (each.size() < 3 || is_determiner(each) || is_pronoun(each) || breaks_clause(each) ||
        is_adverb(each) || is_negator(each) || is_modal(each) || is_be(each) ||
        preposition(each) != Preposition::None || among(kOpeners, each) || among(kPassedOver, each))
      return false;
    static constexpr auto kNouns = std::to_array<std::string_view>(
        {"content", "contents", "text",         "line",        "argument", "parameter", "flag",
         "header",  "body",     "example",      "default",     "location", "path",      "file",
         "config",  "optional", "bash",         "json",        "yaml",     "folder",    "directory",
         "key",     "token",    "prerequisite", "requirement", "output",   "input",     "format",
         "version", "usage",    "option",       "command",     "name",     "value",     "type"});
    const bool ascii =
        std::all_of(each.begin(), each.end(), [](unsigned char c) { return c < 0x80; });
    if (!ascii || among(kNouns, each)) return false;
    const std::string_view next = word(at_ + 1);
    const bool object = is_determiner(next) || is_pronoun(next) || next == "everything" ||
                        (at_ + 1 < tokens_.size() && (tokens_[at_ + 1].kind == Token::Kind::Code ||
                                                      !tokens_[at_ + 1].objects.empty()));
    return object && !each.ends_with('s') && !each.ends_with("ed") && !each.ends_with("ing");
  }

  [[nodiscard]] Mood mood_at() {
    const std::size_t near = before(at_);
    if (near == npos) return Mood::Order;
    if (tokens_[near].kind == Token::Kind::Punctuation) return after_mark(near);
    if (tokens_[near].kind == Token::Kind::Code) return Mood::None;
    const std::string_view previous = word(near);
    if (is_negator(previous)) return negated(near);
    if (previous == "or" || previous == "nor")
      return denied_ ? Mood::Denied : has_order_ ? Mood::Order : Mood::None;
    if (previous == "and" || previous == "&" || previous == "but" || previous == "then") {
      if (denied_ && previous == "and") return Mood::Denied;
      return has_order_ || starts_with_verb() ? Mood::Order : Mood::None;
    }
    if (previous == "|") return Mood::Order;  // a cell of a table
    if (previous == "to") return after_to(near);
    if (among(kDuties, previous) || previous == "will")
      return subject_is_reader(near) ? Mood::Order : Mood::None;
    if (previous == "you") {
      const std::string_view first = near > 0 ? word(near - 1) : std::string_view{};
      const bool told = near == 0 || first == "sure" || is_mark(near - 1, ',') ||
                        is_mark(near - 1, ':') || (first == "that" && word(near - 2) == "sure");
      return told ? Mood::Order : Mood::None;
    }
    if (follows_a_place()) return Mood::Order;
    // "After that add …"
    if (near == 1 && word(0) == "after" && (previous == "that" || previous == "this"))
      return Mood::Order;
    if (previous == "let's" || previous == "lets") return Mood::Order;
    return Mood::None;
  }

  /// "At the end of your answer show the picture": what stands before is a place or a time, and no
  /// other clause.
  [[nodiscard]] bool follows_a_place() const {
    const std::string_view first = word(0);
    if ((first != "at" && first != "in" && first != "on") || has_order_ || word(at_ - 1).empty())
      return false;
    for (std::size_t i = 1; i < at_; ++i)
      if (word(i).empty() || is_pronoun(word(i)) || breaks_clause(word(i)) || is_modal(word(i)) ||
          is_be(word(i)) || word(i).ends_with('s'))
        return false;
    const bool has_object =
        is_determiner(word(at_ + 1)) ||
        (at_ + 1 < tokens_.size() && tokens_[at_ + 1].kind == Token::Kind::Code);
    return has_object && act_verb(word(at_), word(at_ + 1)).form == VerbForm::Base;
  }

  [[nodiscard]] Mood after_mark(std::size_t near) const {
    const char mark = tokens_[near].text.empty() ? ' ' : tokens_[near].text[0];
    if (mark == '"') return Mood::None;
    // "(set in `x`)", "(read from `y`)": what was done.
    if (mark == '(' && preposition(word(at_ + 1)) != Preposition::None) return Mood::None;
    if (mark != ',') return Mood::Order;
    if (denied_) return or_follows() ? Mood::Denied : Mood::Order;
    return has_order_ || starts_with_verb() || opens_with_adjunct() ? Mood::Order : Mood::None;
  }

  /// "Do not read, write, or delete `x`"
  [[nodiscard]] bool or_follows() const {
    for (std::size_t i = at_; i < tokens_.size() && i < at_ + 8; ++i)
      if (word(i) == "or" || word(i) == "nor") return true;
    return false;
  }

  [[nodiscard]] bool opens_with_adjunct() const {
    const std::string_view first = word(0);
    return among(kOpeners, first) || among(kPassedOver, first) || is_adverb(first) ||
           breaks_clause(first);
  }
  /// An order whose verb no table knows: "Keep it short, then …".
  [[nodiscard]] bool starts_with_verb() const {
    const std::string_view first = word(0);
    return first.size() > 1 && !first.ends_with('s') && !is_determiner(first) &&
           !is_pronoun(first) && !is_user_word(first) && !is_skill_word(first) &&
           !is_other_word(first) && !breaks_clause(first) &&
           preposition(first) == Preposition::None;
  }

  /// "Do not forget to" is no denial; it comes by after_to().
  [[nodiscard]] static Mood negated(std::size_t) { return Mood::Denied; }

  [[nodiscard]] Mood after_to(std::size_t to) {
    bool duty = false;
    for (std::size_t i = to; i > 0 && to - i < 5; --i) {
      const std::string_view each = word(i - 1);
      if (each.empty()) break;
      if (is_user_word(each)) return Mood::None;
      if (each == "not" || each == "never" || each == "don't") {
        const bool forgetting = word(i) == "forget" || word(i) == "fail" || word(i) == "hesitate" ||
                                word(i) == "omit" || word(i) == "neglect";
        if (!forgetting) return Mood::Denied;
        duty = true;
      }
      duty = duty || among(kBeforeTo, each);
    }
    // "use curl to send …"
    if (!duty && !clauses_.empty() && clauses_.back().lemma == "use") {
      duty = true;
      for (std::size_t i = clauses_.back().verb + 1; i < to; ++i)
        for (const ConsentObject& object : tokens_[i].objects)
          if (object.kind == ConsentKind::Path) duty = false;
    }
    return duty ? Mood::Order : Mood::None;
  }

  [[nodiscard]] bool subject_is_reader(std::size_t modal) const {
    for (std::size_t i = modal; i > 0 && modal - i < 3; --i) {
      if (among(kReaders, word(i - 1))) return true;
      if (is_user_word(word(i - 1))) return false;
    }
    return false;
  }

  /// "must be sent", "needs to be uploaded"
  [[nodiscard]] bool is_passive_order(VerbForm form) const {
    if (form != VerbForm::Participle && form != VerbForm::PastOrParticiple &&
        form != VerbForm::Base)
      return false;
    const std::size_t be = before(at_);
    if (be == npos || word(be) != "be") return false;
    for (std::size_t i = be; i > 0 && be - i < 4; --i) {
      if (is_negator(word(i - 1))) return false;
      if (among(kDuties, word(i - 1)) && word(i - 1) != "are") return true;
    }
    return false;
  }

  [[nodiscard]] bool on_absence() const {
    const std::size_t from = clauses_.empty() ? 0 : clauses_.back().verb;
    bool condition = false;
    for (std::size_t i = clauses_.empty() ? from : tokens_.size(); i < at_; ++i) {
      condition = condition || word(i) == "if" || word(i) == "unless" || word(i) == "when";
      if (condition && among(kAbsences, word(i))) return true;
    }
    condition = false;
    for (std::size_t i = at_ + 1; i < tokens_.size(); ++i) {
      condition = condition || word(i) == "if" || word(i) == "unless" || word(i) == "when";
      if (condition && among(kAbsences, word(i))) return true;
    }
    return !clauses_.empty() && clauses_.back().on_absence;
  }

  const std::vector<Token>& tokens_;
  std::vector<Clause> clauses_;
  std::size_t at_ = 0;
  bool has_order_ = false;
  bool denied_ = false;
};

}  // namespace

std::vector<Clause> clauses_of(const Sentence& sentence) { return Finder(sentence).find(); }

bool is_example(const Sentence& sentence) {
  static constexpr auto kWords = std::to_array<std::string_view>(
      {"attacker", "attackers", "malicious", "malware", "would", "could", "might", "normally"});
  return std::any_of(sentence.tokens.begin(), sentence.tokens.end(), [](const Token& token) {
    return token.kind == Token::Kind::Word && among(kWords, token.lower);
  });
}

bool has_denial(const Sentence& sentence) {
  return std::any_of(sentence.tokens.begin(), sentence.tokens.end(), [](const Token& token) {
    return token.kind == Token::Kind::Word && is_negator(token.lower);
  });
}

}  // namespace skillaudit
