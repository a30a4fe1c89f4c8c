#include "harness/consent/page_statements.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "harness/base/ascii.h"
#include "harness/base/text.h"
#include "harness/consent/block_claims.h"
#include "harness/consent/sentence_reader.h"
#include "harness/consent/table_reader.h"
#include "harness/consent/word_class.h"
#include "harness/consent/words.h"

namespace skillaudit {
namespace {

constexpr std::size_t kLongestText = 2048;

std::string plain_text(const std::vector<PageText>& texts) {
  std::string out;
  for (const PageText& text : texts) {
    if (!text.hidden_by.empty()) continue;
    out += text.is_code ? "`" + text.text + "`" : text.text;
    if (out.size() > 4 * kLongestText) break;
  }
  return out;
}

class PageStatements {
 public:
  PageStatements(const Page& page, const std::string& file, std::size_t most_claims)
      : page_(page), file_(file), most_claims_(most_claims) {}

  std::vector<Statement> read(bool& cut) {
    for (const PageBlock& block : page_.blocks) {
      if (claims_ >= most_claims_) {
        cut = true;
        break;
      }
      switch (block.kind) {
        case PageBlockKind::Heading:
          heading(block);
          break;
        case PageBlockKind::Paragraph:
          paragraph(block);
          break;
        case PageBlockKind::Row:
          row(block);
          break;
        case PageBlockKind::Code:
          code(block);
          break;
      }
    }
    return std::move(statements_);
  }

 private:
  [[nodiscard]] WhyNot section() const {
    for (auto each = sections_.rbegin(); each != sections_.rend(); ++each)
      if (each->second != WhyNot::Covers) return each->second;
    return WhyNot::Covers;
  }

  OpenPredicate& intro_of(int depth) {
    const auto at = static_cast<std::size_t>(std::max(depth, 0));
    if (intros_.size() <= at) intros_.resize(at + 1);
    return intros_[at];
  }

  /// "The following are deleted:" says of the list what "deletes" does.
  static OpenPredicate for_list(OpenPredicate open) {
    if (open.usage == VerbUsage::Passive || open.usage == VerbUsage::Reduced)
      open.role = ObjectRole::Direct;
    if (open.usage == VerbUsage::Past) open = {};
    return open;
  }

  void heading(const PageBlock& block) {
    while (!sections_.empty() && sections_.back().first >= block.level) sections_.pop_back();
    const std::string text = plain_text(block.cells[0]);
    sections_.emplace_back(block.level, section_of(text));
    hidden(block.cells[0], block);
    OpenPredicate open;
    for (const Sentence& sentence : sentences_of(block.cells[0]))
      open = for_list(read_sentence(sentence, {}).open);
    intros_.assign(2, open);
    table_intro_ = open;
    block_intro_ = WhyNot::Covers;
  }

  void add(StatementKind kind, const PageBlock& block, const Sentence& sentence,
           SentenceReading reading) {
    Statement statement;
    statement.kind = kind;
    statement.place = {file_, block.line, 0};
    if (!sentence.tokens.empty())
      statement.place = {file_, sentence.tokens[0].line, sentence.tokens[0].column};
    statement.text = sentence.text;
    statement.claims = std::move(reading.claims);
    statement.sets = reading.sets;
    claims_ += statement.claims.size() + 1;
    statements_.push_back(std::move(statement));
  }

  void paragraph(const PageBlock& block) {
    hidden(block.cells[0], block);
    const std::vector<Sentence> sentences = sentences_of(block.cells[0]);
    if (sentences.empty()) return;
    SentenceContext context;
    context.section = section();
    if (block.list_depth > 0) context.intro = intro_of(block.list_depth);
    SentenceReading last;
    for (std::size_t i = 0; i < sentences.size(); ++i) {
      const bool leads = block.list_depth > 0 && block.starts_item && i == 0;
      context.kind = leads ? StatementKind::Item : StatementKind::Sentence;
      last = read_sentence(sentences[i], context);
      context.antecedents = last.objects;
      if (i == 0) context.intro = {};
      add(context.kind, block, sentences[i], last);
    }
    const bool introduces = sentences.back().text.ends_with(':');
    const OpenPredicate inherited =
        block.list_depth > 0 ? intro_of(block.list_depth) : OpenPredicate{};
    OpenPredicate next = introduces ? for_list(last.open) : OpenPredicate{};
    if (next.empty() && (introduces || block.starts_item)) next = inherited;
    intro_of(block.list_depth + 1) = next;
    table_intro_ = introduces ? next : OpenPredicate{};
    block_intro_ = introduces ? block_intro(sentences.back(), next) : WhyNot::Covers;
  }

  /// What the sentence before a code block says of the commands in it.
  static WhyNot block_intro(const Sentence& sentence, const OpenPredicate& open) {
    if (open.denied) return WhyNot::Denied;
    if (open.why_not != WhyNot::Covers) return open.why_not;
    static constexpr auto kBad = std::to_array<std::string_view>(
        {"bad", "wrong", "avoid", "incorrect", "dangerous", "malicious", "attack", "attacker",
         "insecure", "vulnerable", "anti-pattern", "discouraged", "harmful"});
    for (const Token& token : sentence.tokens) {
      if (token.kind != Token::Kind::Word) continue;
      if (std::find(kBad.begin(), kBad.end(), token.lower) != kBad.end()) return WhyNot::Example;
      if (is_negator(token.lower)) return WhyNot::Unclear;
      if (is_hypothetical(token.lower)) return WhyNot::Hypothetical;
    }
    return WhyNot::Covers;
  }

  void row(const PageBlock& block) {
    for (const auto& cell : block.cells) hidden(cell, block);
    if (block.is_header) {
      table_.header(block);
      return;
    }
    SentenceContext context;
    context.section = section();
    context.intro = table_intro_;
    Sentence whole;
    SentenceReading reading = table_.row(block, context, whole);
    if (!whole.tokens.empty()) add(StatementKind::Row, block, whole, std::move(reading));
  }

  void code(const PageBlock& block) {
    WhyNot why = section() != WhyNot::Covers ? section() : block_intro_;
    if (!block.hidden_by.empty()) why = WhyNot::NotVisible;
    block_intro_ = WhyNot::Covers;
    Statement statement;
    statement.claims = claims_of_block(block.language, block.code);
    if (statement.claims.empty()) return;
    for (ConsentClaim& claim : statement.claims) {
      claim.speaker = Speaker::Agent;
      claim.why_not = why;
      if (why == WhyNot::Denied) claim.polarity = Polarity::Denied;
    }
    statement.kind = StatementKind::Block;
    statement.place = {file_, block.line, 0};
    statement.text = shorten(trim(block.code), kLongestText);
    statement.visible = block.hidden_by.empty();
    statement.hidden_by = block.hidden_by;
    claims_ += statement.claims.size();
    statements_.push_back(std::move(statement));
  }

  /// What does not show is kept with its claims, none of which covers anything.
  void hidden(const std::vector<PageText>& texts, const PageBlock& block) {
    std::vector<PageText> pieces;
    for (const PageText& text : texts) {
      if (text.hidden_by.empty()) continue;
      pieces.push_back(text);
      pieces.back().hidden_by.clear();
    }
    if (pieces.empty()) return;
    std::string by;
    for (const PageText& text : texts)
      if (by.empty()) by = text.hidden_by;
    for (const Sentence& sentence : sentences_of(pieces)) {
      SentenceReading reading = read_sentence(sentence, {});
      for (ConsentClaim& claim : reading.claims) {
        claim.why_not = WhyNot::NotVisible;
        claim.polarity = Polarity::Affirmed;
      }
      reading.sets = false;
      add(StatementKind::Sentence, block, sentence, std::move(reading));
      statements_.back().visible = false;
      statements_.back().hidden_by = by;
    }
  }

  const Page& page_;
  const std::string& file_;
  std::size_t most_claims_;
  std::size_t claims_ = 0;
  std::vector<Statement> statements_;
  std::vector<std::pair<int, WhyNot>> sections_;  ///< by level of heading
  std::vector<OpenPredicate> intros_;             ///< by depth of list
  OpenPredicate table_intro_;
  WhyNot block_intro_ = WhyNot::Covers;
  TableReader table_;
};

}  // namespace

WhyNot section_of(std::string_view heading) {
  const std::string lower = ascii_lower(heading);
  const auto says = [&](std::string_view words) { return lower.find(words) != std::string::npos; };
  for (const std::string_view words :
       {"never", "not do", "not touch", "does not", "doesn't", "will not", "won't", "not done",
        "not change", "do not", "don't", "out of scope", "must not"})
    if (says(words)) return WhyNot::Denied;
  for (const std::string_view words :
       {"changelog", "change log", "roadmap", "future", "history", "release notes", "what's new",
        "planned", "ideas", "to do", "todo"})
    if (says(words)) return WhyNot::Hypothetical;
  for (const std::string_view words :
       {"bad example", "anti-pattern", "antipattern", "attack", "threat", "malicious", "wrong",
        "counterexample", "counter-example", "what to avoid"})
    if (says(words)) return WhyNot::Example;
  for (const std::string_view words : {"contributing", "for maintainers", "releasing"})
    if (says(words)) return WhyNot::Users;
  // A section for those who work on the skill, and not "Finishing a development branch".
  if (lower == "development" || lower == "local development" || lower.starts_with("development "))
    return WhyNot::Users;
  return WhyNot::Covers;
}

std::vector<Statement> statements_of(const Page& page, const std::string& file,
                                     std::size_t most_claims, bool& cut) {
  return PageStatements(page, file, most_claims).read(cut);
}

}  // namespace skillaudit
