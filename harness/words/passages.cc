#include "harness/words/passages.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "harness/base/ascii.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

constexpr std::string_view kAddressEnds = " \t\n\"'<>)]";

void add(std::vector<PageText>& texts, std::string_view text, bool is_code, int line) {
  if (!text.empty()) texts.push_back({std::string(text), is_code, "", line, 0});
}

/// Addresses become code: a "?" or "," in one ends no sentence.
void add_running_text(std::vector<PageText>& texts, std::string_view text, int line) {
  while (true) {
    const std::size_t scheme = text.find("://");
    if (scheme == std::string_view::npos) break;
    std::size_t start = scheme;
    while (start > 0 && std::isalpha(static_cast<unsigned char>(text[start - 1])) != 0) --start;
    std::size_t end = std::min(text.find_first_of(kAddressEnds, scheme), text.size());
    // A placeholder belongs to the address: "https://x.example/?d=<the key>".
    if (end < text.size() && text[end] == '<')
      if (const std::size_t close = text.find('>', end);
          close != std::string_view::npos && close - end < 60)
        end = close + 1;
    while (end > scheme + 3 &&
           std::string_view(".,;:!?*_").find(text[end - 1]) != std::string::npos)
      --end;
    if (start == scheme || end <= scheme + 3) {
      add(texts, text.substr(0, scheme + 3), false, line);
      text.remove_prefix(scheme + 3);
      continue;
    }
    add(texts, text.substr(0, start), false, line);
    add(texts, text.substr(start, end - start), true, line);
    text.remove_prefix(end);
  }
  add(texts, text, false, line);
}

std::string_view without_box(std::string_view text) {
  for (const std::string_view box : {"[ ] ", "[x] "})
    if (text.starts_with(box)) return text.substr(box.size());
  return text;
}

/// A list's item that is a link to a page and nothing else: its label is the page's title.
bool is_title_of_page(const Block& block) {
  if (!block.item || block.inlines.size() != 1 || block.inlines[0].kind != Inline::Kind::Link)
    return false;
  const Inline& link = block.inlines[0];
  const std::string label = ascii_lower(link.text);
  return link.target.starts_with("https://") && label.find("run") == std::string::npos &&
         label.find("install") == std::string::npos && label.find("execute") == std::string::npos;
}

void add_link(std::vector<PageText>& texts, const Inline& link) {
  if (link.text == link.target || link.target.ends_with(link.text)) {
    add(texts, link.target, true, link.line);
    return;
  }
  // Code in a label stands between back ticks.
  bool code = false;
  for (const std::string_view part : split(link.text, '`')) {
    if (code)
      add(texts, part, true, link.line);
    else
      add_running_text(texts, part, link.line);
    code = !code;
  }
  if (link.target.starts_with('#') || link.target.empty()) return;
  add(texts, " (", false, link.line);
  add(texts, link.target, true, link.line);
  add(texts, ")", false, link.line);
}

/// An inline tag may hide text from people, but not from who reads the source.
void add_inlines(const Block& block, std::vector<PageText>& texts, std::vector<Inline>& comments) {
  if (is_title_of_page(block)) return add(texts, block.inlines[0].target, true, block.line);
  for (const Inline& piece : block.inlines) {
    switch (piece.kind) {
      case Inline::Kind::Text:
        add_running_text(texts, texts.empty() ? without_box(piece.text) : piece.text, piece.line);
        break;
      case Inline::Kind::Code:
        add(texts, piece.text, true, piece.line);
        break;
      case Inline::Kind::Link:
        add_link(texts, piece);
        break;
      case Inline::Kind::Image:
        add(texts, piece.target, true, piece.line);
        break;
      case Inline::Kind::Html:
        if (piece.text.starts_with("<!--")) comments.push_back(piece);
        break;
    }
  }
}

/// "Never do this", "What not to do", "Anti-patterns": lists of what is wrong.
bool shows_what_not_to_do(std::string_view heading) {
  static constexpr auto kStarts = std::to_array<std::string_view>(
      {"never", "don't", "don\u2019t", "do not", "what not", "avoid", "anti-pattern", "antipattern",
       "common mistakes", "bad", "wrong", "red flags", "pitfalls", "what it never",
       "what it does not", "threat", "attack"});
  std::string lower = ascii_lower(heading);
  const std::size_t letter = lower.find_first_of("abcdefghijklmnopqrstuvwxyz");
  if (letter == std::string::npos || lower.find("forget") != std::string::npos) return false;
  lower = lower.substr(letter);
  return std::any_of(kStarts.begin(), kStarts.end(),
                     [&](std::string_view start) { return lower.starts_with(start); });
}

bool holds_prose(std::string_view info) {
  const std::string language = ascii_lower(info.substr(0, info.find(' ')));
  static constexpr auto kProse = std::to_array<std::string_view>(
      {"", "text", "txt", "md", "markdown", "prompt", "plain", "plaintext"});
  return std::find(kProse.begin(), kProse.end(), language) != kProse.end();
}

std::string_view inside_comment(std::string_view text) {
  text = trim(text);
  if (text.starts_with("<!--")) text.remove_prefix(4);
  if (text.ends_with("-->")) text.remove_suffix(3);
  return text;
}

class Reader {
 public:
  std::vector<Passage> read(const Document& document, int offset, bool inner) {
    for (std::size_t i = 0; i < document.blocks.size(); ++i) {
      const Block& block = document.blocks[i];
      const Block* below = i + 1 < document.blocks.size() ? &document.blocks[i + 1] : nullptr;
      switch (block.kind) {
        case Block::Kind::Heading:
        case Block::Kind::Paragraph:
        case Block::Kind::TableRow:
          add_passage(block, below, offset, inner);
          break;
        case Block::Kind::Comment:
        case Block::Kind::IndentedCode:
          if (!inner) read_inside(block.text, block.line + offset);
          break;
        case Block::Kind::FencedCode:
          if (!inner && holds_prose(block.info))
            read_inside(block.text, block.line + 1 + offset, true);
          break;
      }
    }
    return std::move(passages_);
  }

 private:
  void read_inside(std::string_view text, int line, bool in_block = false) {
    const std::string_view inside = inside_comment(text);
    for (Passage& passage : Reader().read(parse_document(inside), line - 1, true)) {
      passage.in_block = in_block;
      passages_.push_back(std::move(passage));
    }
  }

  void add_passage(const Block& block, const Block* below, int offset, bool inner) {
    Passage passage;
    passage.line = block.line + offset;
    // Some tables have no row of delimiters.
    const bool is_row = block.kind == Block::Kind::TableRow || block.text.starts_with('|');
    passage.kind = block.kind == Block::Kind::Heading ? Passage::Kind::Heading
                   : is_row                           ? Passage::Kind::Row
                   : block.item                       ? Passage::Kind::Item
                                                      : Passage::Kind::Paragraph;
    if (passage.kind == Passage::Kind::Heading) set_aside_ = shows_what_not_to_do(block.text);
    passage.set_aside = set_aside_;
    std::vector<PageText> texts;
    std::vector<Inline> comments;
    add_inlines(block, texts, comments);
    for (PageText& text : texts) text.line += offset;
    passage.sentences = sentences_of(texts);
    passage.ends_open = trim(block.text).ends_with(':');
    if (below != nullptr &&
        (below->kind == Block::Kind::FencedCode || below->kind == Block::Kind::IndentedCode))
      passage.block_below = below->text;
    if (!passage.sentences.empty()) passages_.push_back(std::move(passage));
    if (!inner)
      for (const Inline& comment : comments) read_inside(comment.text, comment.line + offset);
  }

  std::vector<Passage> passages_;
  bool set_aside_ = false;
};

}  // namespace

std::vector<Passage> passages_of(const Document& document) {
  return Reader().read(document, 0, false);
}

}  // namespace skillaudit
