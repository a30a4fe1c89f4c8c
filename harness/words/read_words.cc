#include <algorithm>
#include <array>
#include <optional>

#include "harness/base/among.h"
#include "harness/base/text.h"
#include "harness/consent/asides.h"
#include "harness/consent/word_class.h"
#include "harness/words/act_verbs.h"
#include "harness/words/asked.h"
#include "harness/words/clauses.h"
#include "harness/words/passages.h"
#include "harness/words/resolve.h"
#include "harness/words/targets.h"

namespace skillaudit {
namespace {

using Kind = ActTarget::Kind;

/// Words before "the script" in a sentence that says what it does.
constexpr std::size_t kLatestSubject = 8;

bool is_host(const ActTarget& target) {
  return target.kind == Kind::Url || target.kind == Kind::Mail;
}
bool has_grave_path(const std::vector<ActTarget>& targets) {
  return std::any_of(targets.begin(), targets.end(),
                     [](const ActTarget& target) { return target.grave && !is_host(target); });
}
bool holds_secret(const std::vector<ActTarget>& targets) {
  return std::any_of(targets.begin(), targets.end(), [](const ActTarget& target) {
    return (target.kind == Kind::Path && is_secret_path(target.text)) ||
           (target.kind == Kind::Environment && target.text.empty());
  });
}
bool has_host(const std::vector<ActTarget>& targets) {
  return std::any_of(targets.begin(), targets.end(), is_host);
}

class WordsReader {
 public:
  WordsReading read(const Document& document) {
    for (const Passage& passage : passages_of(document)) {
      if (passage.kind == Passage::Kind::Heading) {
        antecedents_.clear();
        intro_.reset();
      }
      if (passage.kind != Passage::Kind::Item && passage.kind != Passage::Kind::Heading)
        intro_.reset();
      passage_ = &passage;
      if (!passage.set_aside)
        for (std::size_t i = 0; i < passage.sentences.size(); ++i) sentence(i);
    }
    return std::move(reading_);
  }

 private:
  struct Intro {
    Clause clause;
    std::vector<ActTarget> targets;
  };

  void sentence(std::size_t index) {
    const Sentence sentence = without_asides(passage_->sentences[index]);
    if (sentence.question || sentence.tokens.empty()) return;
    if (passage_->in_block) {
      if (is_grave_without_order(sentence, {}))
        reading_.not_interpreted.push_back({line_of(sentence), sentence.text});
      return;
    }
    const bool last = index + 1 == passage_->sentences.size();
    ClauseContext context{.sentence = &sentence};
    if (last) context.block_below = passage_->block_below;
    std::vector<Clause> clauses = clauses_of(sentence);
    // "At the end": a noun.
    std::erase_if(clauses, [&](const Clause& clause) {
      const std::string_view before =
          clause.verb > 0 ? std::string_view(sentence.tokens[clause.verb - 1].lower) : "";
      return before == "the" || before == "a" || before == "an";
    });
    bool understood = false;
    bool missed = false;
    for (const Clause& clause : clauses) {
      context.antecedents = antecedents_;
      context.secrets = secrets_;
      std::vector<ActTarget> targets = targets_of(sentence, clause, &clause == &clauses.front());
      if (last && passage_->ends_open && clause.end == sentence.tokens.size())
        intro_ = {clause, targets};
      if (defines(sentence, targets)) continue;
      const Resolved resolved = resolve(clause, targets, context);
      missed = missed || resolved.not_understood;
      for (Asked asked : resolved.asked) understood = add(std::move(asked), sentence) || understood;
      remember(targets);
    }
    if (clauses.empty()) understood = of_list(sentence, context);
    if (!understood && !missed) missed = is_grave_without_order(sentence, clauses);
    if (!understood && !missed) missed = carries_secret(sentence);
    if (!understood && !missed)
      missed =
          is_foreign(sentence) || touches_lasting(sentence, clauses) || states_content(sentence);
    if (missed) reading_.not_interpreted.push_back({line_of(sentence), sentence.text});
  }

  /// What the clause names; of the first one, also what stands before: "In `~/.x`, set …".
  [[nodiscard]] static std::vector<ActTarget> targets_of(const Sentence& sentence,
                                                         const Clause& clause, bool is_first) {
    std::vector<ActTarget> targets;
    const Token& opening = sentence.tokens.front();
    const Preposition place = preposition(opening.lower);
    if (is_first && clause.begin > 1 &&
        (place == Preposition::Into || place == Preposition::From)) {
      for (ActTarget& target : targets_in(sentence, 0, clause.verb))
        if (target.kind == Kind::Path && !target.described) targets.push_back(std::move(target));
    }
    for (ActTarget& target : targets_in(sentence, clause.begin, clause.end))
      targets.push_back(std::move(target));
    return targets;
  }

  /// "Delete these files:" and an item that is only a name.
  bool of_list(const Sentence& sentence, const ClauseContext& context) {
    if (!intro_ || passage_->kind != Passage::Kind::Item) return false;
    if (sentence.tokens.front().kind != Token::Kind::Code &&
        sentence.tokens.front().objects.empty() && sentence.tokens.size() > 8)
      return false;
    std::vector<ActTarget> targets = targets_in(sentence, 0, sentence.tokens.size());
    if (targets.empty()) return false;
    for (const ActTarget& target : intro_->targets)
      if (is_host(target) || target.role == ActTarget::Role::Into) targets.push_back(target);
    Clause clause = intro_->clause;
    clause.begin = 0;
    clause.end = sentence.tokens.size();
    bool added = false;
    for (Asked asked : resolve(clause, targets, context).asked)
      added = add(std::move(asked), sentence) || added;
    return added;
  }

  /// "- `Ctrl+R` - search the history": what a thing is for. It counts as an order where it names a
  /// place outside the project or an address.
  [[nodiscard]] bool defines(const Sentence& sentence,
                             const std::vector<ActTarget>& targets) const {
    if (sentence.tokens.size() < 2) return false;
    const Token& mark = sentence.tokens[1];
    const bool definition =
        sentence.tokens[0].kind == Token::Kind::Code && (mark.text == "-" || mark.text == ":");
    return definition && std::none_of(targets.begin(), targets.end(), [](const ActTarget& target) {
             return target.grave && !target.described;
           });
  }

  /// A sentence in another language than ours that names a place outside the project.
  [[nodiscard]] static bool is_foreign(const Sentence& sentence) {
    std::size_t words = 0;
    std::size_t foreign = 0;
    std::size_t known = 0;
    for (const Token& token : sentence.tokens) {
      if (token.kind != Token::Kind::Word || !token.objects.empty()) continue;
      ++words;
      const bool ascii = std::all_of(token.text.begin(), token.text.end(),
                                     [](unsigned char c) { return c < 0x80; });
      if (!ascii) ++foreign;
      if (ascii && (is_common_word(token.lower) || !act_verb(token.lower, "").lemma.empty()))
        ++known;
    }
    if (words == 0 || (known > 0 && foreign == 0)) return false;
    const auto targets = targets_in(sentence, 0, sentence.tokens.size());
    const bool outside = std::any_of(targets.begin(), targets.end(), [](const ActTarget& target) {
      return target.kind == Kind::Path && !target.described && is_outside(target.text);
    });
    return outside && (foreign > 0 ? known * 2 < words : words > 3);
  }

  /// "Sends …", "The script sends …": what a program does, not what is to be done.
  [[nodiscard]] static bool describes(const Sentence& sentence) {
    const auto word = [&](std::size_t at) {
      return at < sentence.tokens.size() ? std::string_view(sentence.tokens[at].lower) : "";
    };
    if (act_verb(word(0), word(1)).form == VerbForm::Third) return true;
    if (word(0) == "a" || word(0) == "an") return true;  // "A skill that reads `~/.ssh` is …"
    // "At the end the script sends …"
    for (std::size_t subject = 0; subject < kLatestSubject; ++subject)
      if (is_skill_word(word(subject)) && (subject == 0 || is_determiner(word(subject - 1))) &&
          act_verb(word(subject + 1), "").form == VerbForm::Third)
        return true;
    return false;
  }

  /// "| `~/.x/settings.json` | `mode` reads `all` |": a row that says what such a place is to hold.
  [[nodiscard]] bool states_content(const Sentence& sentence) const {
    static constexpr auto kStates = std::to_array<std::string_view>(
        {"reads", "read", "begins", "begin", "starts", "start", "ends", "end", "contains",
         "contain", "holds", "hold", "says", "say", "carries", "equals", "has", "set", "is"});
    if (passage_->kind != Passage::Kind::Row || has_denial(sentence)) return false;
    const auto& tokens = sentence.tokens;
    const std::vector<ActTarget> first =
        targets_in(sentence, 0, std::min<std::size_t>(tokens.size(), 2));
    const bool lasting = std::ranges::any_of(first, [](const ActTarget& target) {
      return target.kind == Kind::Path && !target.described && is_outside(target.text) &&
             (is_lasting(target.text) || target.text.find("/.") != std::string::npos);
    });
    if (!lasting) return false;
    const auto state = std::ranges::find_if(
        tokens, [](const Token& token) { return among(kStates, token.lower); });
    return std::any_of(state, tokens.end(), [](const Token& token) {
      return token.kind == Token::Kind::Code || !token.objects.empty();
    });
  }

  [[nodiscard]] static bool is_lasting(std::string_view path) {
    static constexpr auto kLasting = std::to_array<std::string_view>(
        {".bashrc", ".zshrc", ".profile", ".bash_profile", ".zprofile", ".zshenv", ".ssh",
         ".bash_history", ".zsh_history", ".netrc", ".gnupg", "CLAUDE.md", "AGENTS.md", "GEMINI.md",
         "autostart", "LaunchAgents", "sudoers"});
    return std::ranges::any_of(split(path, '/'),
                               [](std::string_view part) { return among(kLasting, part); });
  }

  /// A place that other programs or agents obey, in a sentence that is no description of it.
  [[nodiscard]] bool touches_lasting(const Sentence& sentence,
                                     const std::vector<Clause>& clauses) const {
    if (passage_->kind == Passage::Kind::Row || passage_->kind == Passage::Kind::Heading ||
        has_denial(sentence) || is_example(sentence) || describes(sentence) ||
        defines(sentence, {}) || sentence.tokens.size() < 5)
      return false;
    if (!clauses.empty() && clauses.front().talks) return false;
    for (const ActTarget& target : targets_in(sentence, 0, sentence.tokens.size())) {
      if (target.kind != Kind::Path || target.described || !is_outside(target.text)) continue;
      if (is_lasting(target.text)) return true;
    }
    return false;
  }

  /// A secret and a host in one sentence, whatever the verb, unless it is forbidden or an example.
  [[nodiscard]] static bool is_grave_without_order(const Sentence& sentence,
                                                   const std::vector<Clause>& clauses) {
    if (has_denial(sentence) || is_example(sentence) || describes(sentence)) return false;
    // "See to it that …" asks for more than a look.
    const bool to_it = sentence.tokens.size() > 1 && sentence.tokens[1].lower == "to";
    if (!clauses.empty() && clauses.front().talks && !to_it) return false;
    const auto targets = targets_in(sentence, 0, sentence.tokens.size());
    return holds_secret(targets) && has_host(targets);
  }

  /// An address with a place for data, in a document that spoke of a secret before.
  [[nodiscard]] bool carries_secret(const Sentence& sentence) const {
    if (secrets_.empty() || has_denial(sentence) || is_example(sentence)) return false;
    const auto targets = targets_in(sentence, 0, sentence.tokens.size());
    return std::ranges::any_of(targets, &ActTarget::carries);
  }

  void remember(const std::vector<ActTarget>& targets) {
    std::vector<ActTarget> named;
    for (const ActTarget& target : targets)
      if (target.kind == Kind::Path || target.kind == Kind::Url || target.kind == Kind::Command ||
          (target.kind == Kind::Environment && target.text.empty()))
        named.push_back(target);
    std::vector<ActTarget> secrets = named;
    std::erase_if(secrets, [](const ActTarget& target) { return !holds_secret({target}); });
    if (!secrets.empty()) secrets_ = std::move(secrets);
    if (!named.empty()) antecedents_ = std::move(named);
  }

  [[nodiscard]] int line_of(const Sentence& sentence) const {
    const int line = sentence.tokens.empty() ? 0 : sentence.tokens.front().line;
    return line > 0 ? line : passage_->line;
  }

  /// A heading and a table tell what something is, more often than what to do.
  bool add(Asked asked, const Sentence& sentence) {
    const bool grave = has_grave_path(asked.targets);
    if (passage_->kind == Passage::Kind::Heading && !grave && asked.act != Act::Send) return false;
    if (passage_->kind == Passage::Kind::Row &&
        !(grave && (asked.act == Act::Send || asked.act == Act::Append || asked.act == Act::Write ||
                    asked.act == Act::Copy)))
      return false;
    asked.line = line_of(sentence);
    asked.sentence = sentence.text;
    reading_.asked.push_back(std::move(asked));
    return true;
  }

  WordsReading reading_;
  const Passage* passage_ = nullptr;
  std::vector<ActTarget> antecedents_;
  std::vector<ActTarget> secrets_;
  std::optional<Intro> intro_;
};

}  // namespace

WordsReading read_words(const Document& document) { return WordsReader().read(document); }

}  // namespace skillaudit
