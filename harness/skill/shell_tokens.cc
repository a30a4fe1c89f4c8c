#include "harness/skill/shell_tokens.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace skillaudit {
namespace {

class Tokenizer {
 public:
  Tokenizer(std::string_view script, int line, Redirections redirections)
      : text_(script), line_(line), redirections_(redirections) {}

  std::vector<ShellToken> run() {
    while (at_ < text_.size()) step();
    return std::move(tokens_);
  }

 private:
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  void advance(std::size_t n = 1) {
    for (; n > 0 && at_ < text_.size(); --n) {
      if (text_[at_] == '\n') ++line_;
      ++at_;
    }
  }

  void step() {
    const char c = peek();
    if (c == '\\' && peek(1) == '\n') return advance(2);
    if (c == ' ' || c == '\t' || c == '\r') return advance();
    if (c == '#') {
      while (at_ < text_.size() && peek() != '\n') advance();
      return;
    }
    if (c == '\n') {
      push_operator("\n");
      advance();
      return skip_here_documents();
    }
    if (c == '<' || c == '>' || (c == '&' && peek(1) == '>')) return redirection();
    for (const std::string_view op : {"&&", "||", ";;", "|&", ";", "&", "|", "(", ")"}) {
      if (text_.substr(at_).starts_with(op)) {
        push_operator(op == "|&" ? "|" : op);
        return advance(op.size());
      }
    }
    ShellToken token = word();
    const bool is_descriptor = (peek() == '<' || peek() == '>') && !token.text.empty() &&
                               std::all_of(token.text.begin(), token.text.end(), [](char each) {
                                 return std::isdigit(static_cast<unsigned char>(each)) != 0;
                               });
    if (!is_descriptor) tokens_.push_back(std::move(token));
  }

  void push_operator(std::string_view op) {
    ShellToken token;
    token.is_operator = true;
    token.text = op;
    token.line = line_;
    tokens_.push_back(std::move(token));
  }

  void redirection() {
    if (peek(1) == '(' && peek() != '&') {
      tokens_.push_back(word());  // process substitution
      return;
    }
    if (peek() == '<' && peek(1) == '<' && peek(2) != '<') {
      advance(2);
      const bool strip_tabs = peek() == '-';
      if (strip_tabs) advance();
      while (peek() == ' ' || peek() == '\t') advance();
      pending_.push_back({word().text, strip_tabs});
      return;
    }
    const std::size_t start = at_;
    while (peek() == '<' || peek() == '>' || peek() == '&' || peek() == '|') advance();
    const std::string_view sign = text_.substr(start, at_ - start);
    while (peek() == ' ' || peek() == '\t') advance();
    const char c = peek();
    if (c == '\n' || c == '\0' || c == ';' || c == ')') return;
    ShellToken target = word();
    if (redirections_ == Redirections::Kept && sign != ">&" && sign != "<&" && sign != "<<<") {
      target.redirection = sign;
      tokens_.push_back(std::move(target));
      return;
    }
    if (target.nested.empty()) return;
    target.text.clear();  // a target that runs a command: keep the command alone
    target.quoted = true;
    tokens_.push_back(std::move(target));
  }

  void skip_here_documents() {
    for (const auto& [delimiter, strip_tabs] : std::exchange(pending_, {})) {
      while (at_ < text_.size()) {
        const std::size_t end = std::min(text_.find('\n', at_), text_.size());
        std::string_view line = text_.substr(at_, end - at_);
        advance(end - at_ + 1);
        while (strip_tabs && line.starts_with('\t')) line.remove_prefix(1);
        if (line == delimiter) break;
      }
    }
  }

  ShellToken word() {
    ShellToken token;
    token.line = line_;
    while (at_ < text_.size()) {
      const char c = peek();
      if (c == '\\') {
        if (peek(1) != '\n') token.text += peek(1);
        advance(2);
      } else if (c == '\'') {
        token.quoted = true;
        const std::size_t end = std::min(text_.find('\'', at_ + 1), text_.size());
        token.text += text_.substr(at_ + 1, end - at_ - 1);
        advance(end - at_ + 1);
      } else if (c == '"') {
        token.quoted = true;
        advance();
        while (at_ < text_.size() && peek() != '"') {
          if (peek() == '\\') {
            token.text += peek(1);
            advance(2);
          } else {
            expansion_or_char(token);
          }
        }
        advance();
      } else if ((c == '<' || c == '>') && peek(1) == '(' && token.text.empty()) {
        expansion_or_char(token);
      } else if (std::isspace(static_cast<unsigned char>(c)) != 0 || c == ';' || c == '&' ||
                 c == '|' || c == '(' || c == ')' || c == '<' || c == '>') {
        break;
      } else {
        expansion_or_char(token);
      }
    }
    return token;
  }

  void expansion_or_char(ShellToken& token) {
    const char c = peek();
    const bool opens = (c == '$' || c == '<' || c == '>') && peek(1) == '(';
    if (opens && !(c == '$' && peek(2) == '(')) {
      advance(2);
      nested_until_parenthesis(token);
    } else if (c == '`') {
      advance();
      const int line = line_;
      const std::size_t end = std::min(text_.find('`', at_), text_.size());
      token.nested.push_back({std::string(text_.substr(at_, end - at_)), line});
      advance(end - at_ + 1);
    } else if (c == '$' && peek(1) == '{') {
      const std::size_t end = std::min(text_.find('}', at_), text_.size());
      token.text += text_.substr(at_, end - at_ + 1);
      advance(end - at_ + 1);
    } else {
      token.text += c;
      advance();
    }
  }

  void nested_until_parenthesis(ShellToken& token) {
    const std::size_t start = at_;
    const int line = line_;
    int depth = 1;
    while (at_ < text_.size()) {
      const char c = peek();
      if (c == '\\') {
        advance();
      } else if (c == '\'') {
        advance(std::min(text_.find('\'', at_ + 1), text_.size()) - at_);
      } else if (c == '"') {
        advance();
        while (at_ < text_.size() && peek() != '"') advance(peek() == '\\' ? 2 : 1);
      } else if (c == '(') {
        ++depth;
      } else if (c == ')' && --depth == 0) {
        break;
      }
      advance();
    }
    token.nested.push_back({std::string(text_.substr(start, at_ - start)), line});
    advance();
  }

  struct HereDocument {
    std::string delimiter;
    bool strip_tabs = false;
  };

  std::string_view text_;
  int line_;
  Redirections redirections_;
  std::size_t at_ = 0;
  std::vector<HereDocument> pending_;
  std::vector<ShellToken> tokens_;
};

}  // namespace

std::vector<ShellToken> shell_tokens(std::string_view script, int first_line,
                                     Redirections redirections) {
  return Tokenizer(script, first_line, redirections).run();
}

}  // namespace skillaudit
