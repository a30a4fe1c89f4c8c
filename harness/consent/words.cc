#include "harness/consent/words.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "harness/base/text.h"
#include "harness/consent/shell_claims.h"

namespace skillaudit {
namespace {

/// No sentence that people write is longer; the rest of a longer one is one more sentence, and
/// nothing of either covers anything.
constexpr std::size_t kMostTokens = 1000;

bool is_blank(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

bool is_abbreviation(std::string_view word) {
  static constexpr auto kAbbreviations = std::to_array<std::string_view>(
      {"e.g", "i.e", "etc", "vs", "cf", "resp", "incl", "approx", "no", "eg", "ie"});
  return std::find(kAbbreviations.begin(), kAbbreviations.end(), word) != kAbbreviations.end();
}

std::string lower_word(std::string_view word) {
  std::string out;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (word.substr(i).starts_with("\u2019")) {
      out += '\'';
      i += 2;
    } else {
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(word[i])));
    }
  }
  return out;
}

/// Punctuation of several bytes as one character: dashes and typographic quotes.
std::pair<char, std::size_t> punctuation_at(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, char>, 8> kLong = {{{"\u2014", '-'},
                                                                              {"\u2013", '-'},
                                                                              {"\u2192", '-'},
                                                                              {"\u201c", '"'},
                                                                              {"\u201d", '"'},
                                                                              {"\u201e", '"'},
                                                                              {"\u2026", ','},
                                                                              {"\u00a0", ' '}}};
  for (const auto& [form, c] : kLong)
    if (text.starts_with(form)) return {c, form.size()};
  if (std::string_view(",;:()\"!?[]").find(text[0]) != std::string_view::npos) return {text[0], 1};
  return {'\0', 0};
}

class Splitter {
 public:
  std::vector<Sentence> split(const std::vector<PageText>& texts) {
    for (const PageText& text : texts) {
      if (!text.hidden_by.empty()) continue;
      text.is_code ? code(text) : plain(text);
    }
    end_sentence();
    return std::move(sentences_);
  }

 private:
  void code(const PageText& text) {
    Token token;
    token.kind = Token::Kind::Code;
    token.text = text.text;
    token.line = text.line;
    token.column = text.column;
    token.quoted = in_quotes_;
    const std::string_view word = trim(text.text);
    if (word.find_first_of(" \t\n") == std::string_view::npos)
      token.objects = objects_in(word, true);
    else
      token.claims = claims_of_inline_command(word, token.objects);
    current_.text += "`" + text.text + "`";
    push(std::move(token));
  }

  void plain(const PageText& page_text) {
    const std::string_view text = page_text.text;
    std::size_t at = 0;
    while (at < text.size()) {
      const auto [mark, length] = punctuation_at(text.substr(at));
      const int column = page_text.column + static_cast<int>(at);
      if (is_blank(text[at]) || mark == ' ') {
        if (!current_.text.empty() && current_.text.back() != ' ') current_.text += ' ';
        at += mark == ' ' ? length : 1;
      } else if (mark != '\0') {
        current_.text += text.substr(at, length);
        punctuation(mark, page_text.line, column);
        at += length;
      } else if (text[at] == '.' && current_.text.ends_with('`')) {
        current_.text += '.';
        ++at;
        if (at == text.size() || is_blank(text[at])) end_sentence();
      } else {
        at = word(text, at, page_text.line, column);
      }
    }
  }

  void punctuation(char mark, int line, int column) {
    if (mark == '"') in_quotes_ = !in_quotes_;
    if (mark == '?' && !in_quotes_) current_.question = true;
    if ((mark == '?' || mark == '!') && !in_quotes_) return end_sentence();
    Token token;
    token.kind = Token::Kind::Punctuation;
    token.text = mark;
    token.line = line;
    token.column = column;
    push(std::move(token));
  }

  /// Where a word's run of characters ends. Brackets, commas and colons within a path or a URL
  /// belong to it.
  static std::size_t end_of_word(std::string_view text, std::size_t at) {
    std::size_t end = at;
    while (end < text.size() && !is_blank(text[end])) {
      const auto [mark, length] = punctuation_at(text.substr(end));
      const bool inside = mark == ':' && end + 1 < text.size() && !is_blank(text[end + 1]) &&
                          punctuation_at(text.substr(end + 1)).first == '\0';
      const bool group = text[end] == '$' && end + 1 < text.size() && text[end + 1] == '(';
      if (group) {
        const std::size_t close = text.find(')', end);
        if (close != std::string_view::npos && close - end < 80) end = close;
      } else if (mark != '\0' && !inside) {
        break;
      }
      ++end;
    }
    return end;
  }

  std::size_t word(std::string_view text, std::size_t at, int line, int column) {
    std::size_t end = end_of_word(text, at);
    std::string_view run = text.substr(at, end - at);
    bool ends = false;
    if (run.ends_with('.')) {
      std::string_view bare = run;
      while (bare.ends_with('.')) bare.remove_suffix(1);
      ends = !is_abbreviation(lower_word(bare)) &&
             (end == text.size() || is_blank(text[end]) || text[end] == '"');
      current_.text += run;
      run = bare;
    } else {
      current_.text += run;
    }
    while (!run.empty() && run.back() == '\'') run.remove_suffix(1);
    while (!run.empty() && (run.front() == '\'')) run.remove_prefix(1);
    if (!run.empty()) {
      Token token;
      token.text = run;
      token.lower = lower_word(run);
      token.objects = objects_in(run, false);
      token.line = line;
      token.column = column;
      token.quoted = in_quotes_;
      push(std::move(token));
    }
    if (ends && !in_quotes_) end_sentence();
    return end;
  }

  void push(Token token) {
    if (current_.tokens.size() >= kMostTokens) {
      current_.question = true;
      end_sentence();
      current_.question = true;
    }
    current_.tokens.push_back(std::move(token));
  }

  void end_sentence() {
    current_.text = shorten(trim(current_.text), 2048);
    if (!current_.tokens.empty()) sentences_.push_back(std::move(current_));
    current_ = {};
    in_quotes_ = false;
  }

  std::vector<Sentence> sentences_;
  Sentence current_;
  bool in_quotes_ = false;
};

}  // namespace

std::vector<Sentence> sentences_of(const std::vector<PageText>& texts) {
  return Splitter().split(texts);
}

}  // namespace skillaudit
