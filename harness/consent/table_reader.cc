#include "harness/consent/table_reader.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "harness/base/ascii.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

bool is_yes(std::string_view text) {
  static constexpr auto kYes =
      std::to_array<std::string_view>({"yes", "✓", "✔", "x", "✅", "always"});
  return std::find(kYes.begin(), kYes.end(), text) != kYes.end();
}
bool is_no(std::string_view text) {
  static constexpr auto kNo =
      std::to_array<std::string_view>({"no", "-", "–", "—", "✗", "✘", "❌", "never", "none"});
  return std::find(kNo.begin(), kNo.end(), text) != kNo.end();
}

std::string lower_text(const std::vector<PageText>& cell) {
  std::string out;
  for (const PageText& text : cell)
    if (text.hidden_by.empty()) out += text.text;
  return ascii_lower(trim(out));
}

bool names_objects(const std::vector<Sentence>& sentences) {
  return std::any_of(sentences.begin(), sentences.end(), [](const Sentence& sentence) {
    return std::any_of(sentence.tokens.begin(), sentence.tokens.end(), [](const Token& token) {
      return !token.objects.empty() || token.kind == Token::Kind::Code;
    });
  });
}

Token dash() {
  Token token;
  token.kind = Token::Kind::Punctuation;
  token.text = "-";
  return token;
}

void append(SentenceReading& all, SentenceReading more) {
  std::move(more.claims.begin(), more.claims.end(), std::back_inserter(all.claims));
  all.objects.insert(all.objects.end(), more.objects.begin(), more.objects.end());
  all.sets = all.sets || more.sets;
}

void append(Sentence& whole, const Sentence& part, bool separate) {
  if (separate && !whole.tokens.empty()) {
    whole.tokens.push_back(dash());
    whole.text += " | ";
  } else if (!whole.tokens.empty()) {
    whole.text += ' ';
  }
  whole.tokens.insert(whole.tokens.end(), part.tokens.begin(), part.tokens.end());
  whole.text = shorten(whole.text + part.text, 2048);
  whole.question = whole.question || part.question;
}

/// Claims of `verb` on the objects of the row's first cell.
SentenceReading marked(const OpenPredicate& column, bool yes, const Sentence& first,
                       SentenceContext context) {
  context.intro = column;
  context.intro.denied = !yes;
  return read_sentence(first, context);
}

}  // namespace

void TableReader::header(const PageBlock& row) {
  columns_.assign(row.cells.size(), {});
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    for (const Sentence& sentence : sentences_of(row.cells[i])) {
      OpenPredicate open = read_sentence(sentence, {}).open;
      if (open.empty() && sentence.tokens.size() <= 2) {
        // "Read", "Written": a header's lone word is a verb where it can be one.
        const VerbMatch match = find_verb(sentence.tokens[0].lower, "");
        const bool is_noun = match.entry == nullptr || (match.entry->flags & kMostlyNoun) != 0 ||
                             match.entry->lemma == "use";
        if (!is_noun) open.verbs.push_back(match.entry);
      }
      if (open.verbs.size() == 1 && open.verbs[0]->lemma == "use") open = {};
      if (open.usage == VerbUsage::Passive || open.usage == VerbUsage::Reduced)
        open.role = ObjectRole::Direct;
      columns_[i] = open;
    }
  }
}

SentenceReading TableReader::row(const PageBlock& row, const SentenceContext& context,
                                 Sentence& whole) const {
  SentenceReading all;
  Sentence first;
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const std::vector<Sentence> sentences = sentences_of(row.cells[i]);
    const std::string text = lower_text(row.cells[i]);
    const OpenPredicate column = i < columns_.size() ? columns_[i] : OpenPredicate{};
    const std::size_t cells_before = whole.tokens.size();
    for (std::size_t k = 0; k < sentences.size(); ++k) append(whole, sentences[k], k == 0);
    if (i > 0 && !column.empty() && (is_yes(text) || is_no(text))) {
      append(all, marked(column, is_yes(text), first, context));
      continue;
    }
    SentenceContext cell = context;
    cell.kind = StatementKind::Row;
    cell.antecedents = all.objects;
    if (!column.empty()) cell.intro = column;
    if (i == 0) {
      for (const Sentence& sentence : sentences) append(first, sentence, false);
      if (!first.tokens.empty()) append(all, read_sentence(first, cell));
    } else if (!first.tokens.empty() && !names_objects(sentences) && cells_before > 0) {
      // "`~/x` | deletes old entries": as if it were one sentence.
      for (const Sentence& sentence : sentences) {
        Sentence joined = first;
        joined.tokens.push_back(dash());
        append(joined, sentence, false);
        cell.intro = {};
        append(all, read_sentence(joined, cell));
      }
    } else {
      for (const Sentence& sentence : sentences) append(all, read_sentence(sentence, cell));
    }
  }
  if (row.cells.size() > 1 && !whole.tokens.empty()) {
    // Variables and hosts of one row belong together.
    for (ConsentClaim& claim : read_sentence(whole, context).claims)
      if (claim.object.kind == ConsentKind::Variable && !claim.object.host.empty())
        all.claims.push_back(std::move(claim));
  }
  return all;
}

}  // namespace skillaudit
