#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include "harness/base/text.h"
#include "harness/conditions/gate_text.h"

namespace skillaudit {
namespace {

/// A word or operator of the shell that is no part of a string, with its place in the text.
struct Token {
  std::string_view text;
  std::size_t at = 0;
  int line = 0;
  bool starts_command = false;
};

bool is_operator_byte(char c) {
  return std::string_view(";&|()").find(c) != std::string_view::npos;
}

/// Words and operators of a script. A quoted part belongs to its word.
class Tokens {
 public:
  explicit Tokens(const GateText& text) : text_(text) {
    for (int line = 1; line <= text.count(); ++line) {
      if (skips_document(line)) continue;
      read(line);
    }
  }
  [[nodiscard]] const std::vector<Token>& all() const { return tokens_; }

 private:
  bool skips_document(int line) {
    if (document_.empty()) return false;
    if (trim(text_.line(line)) == document_) document_.clear();
    return true;
  }

  void read(int number) {
    const std::string_view line = text_.line(number);
    const std::size_t start = text_.start_of(number);
    if (quote_ == '\0') starts_command_ = true;
    std::size_t at = 0;
    while (at < line.size()) {
      if (quote_ == '\0') {
        if (line[at] == ' ' || line[at] == '\t') {
          ++at;
          continue;
        }
        if (line[at] == '#') return;
      }
      const std::size_t end = quote_ == '\0' && is_operator_byte(line[at])
                                  ? end_of_operator(line, at)
                                  : end_of_word(line, at);
      add({line.substr(at, end - at), start + at, number, starts_command_});
      at = end;
    }
  }

  static std::size_t end_of_operator(std::string_view line, std::size_t at) {
    const bool is_double =
        at + 1 < line.size() && line[at + 1] == line[at] && line[at] != '(' && line[at] != ')';
    return at + (is_double ? 2 : 1);
  }

  std::size_t end_of_word(std::string_view line, std::size_t at) {
    for (; at < line.size(); ++at) {
      const char c = line[at];
      if (quote_ != '\0') {
        if (c == '\\' && quote_ == '"')
          ++at;
        else if (c == quote_)
          quote_ = '\0';
      } else if (c == '\\') {
        ++at;
      } else if (c == '\'' || c == '"') {
        quote_ = c;
      } else if (c == '$' && at + 1 < line.size() && line[at + 1] == '(') {
        at = end_of_substitution(line, at + 1);
      } else if (c == ' ' || c == '\t' || is_operator_byte(c)) {
        return at;
      }
    }
    return line.size();
  }

  /// The place of the ")" that ends "$(…)"; the line's last byte where it is not on the line.
  static std::size_t end_of_substitution(std::string_view line, std::size_t at) {
    int depth = 0;
    for (; at < line.size(); ++at) {
      if (line[at] == '(') ++depth;
      if (line[at] == ')' && --depth == 0) return at;
    }
    return line.size() - 1;
  }

  void add(Token token) {
    const std::string_view text = token.text;
    if (text.starts_with("<<") && !text.starts_with("<<<")) {
      std::string_view word = text.substr(2);
      if (word.starts_with('-')) word.remove_prefix(1);
      for (const char c : word)
        if (c != '\'' && c != '"' && c != '\\') document_ += c;
    }
    static constexpr auto kBefore = std::to_array<std::string_view>(
        {"then", "else", "do", "if", "elif", "while", "until", "{", "!"});
    const bool is_keyword =
        token.starts_command && std::ranges::find(kBefore, text) != kBefore.end();
    starts_command_ = is_keyword || is_operator_byte(text[0]);
    tokens_.push_back(token);
  }

  const GateText& text_;
  std::vector<Token> tokens_;
  std::string document_;
  char quote_ = '\0';
  bool starts_command_ = true;
};

/// What is open at a place of the script.
struct Block {
  enum class Kind { If, Loop, Case, Group, Function } kind;
  std::size_t at = 0;              ///< index of its token
  std::vector<std::size_t> thens;  ///< indices of "then", one a branch
  bool in_else = false;
  std::size_t pattern = 0;  ///< of a case: index of the first token of the branch's pattern
  std::string_view name = {};
};

class ShellGates {
 public:
  ShellGates(GateText& text, const std::vector<LineRange>& ran, LineRange wanted, bool removes)
      : text_(text),
        ran_(ran),
        wanted_(wanted),
        removes_(removes),
        read_(text),
        all_(read_.all()) {}

  std::string_view open() {
    walk();
    pass_over_end();
    within();
    std::string_view function;
    for (const Block& block : open_) {
      take(block);
      if (block.kind == Block::Kind::Function) {
        function = block.name;
        defined_ = all_[block.at].line;
      }
    }
    return function;
  }
  [[nodiscard]] int defined() const { return defined_; }

 private:
  [[nodiscard]] bool is(std::size_t i, std::string_view text) const {
    return i < all_.size() && all_[i].text == text;
  }

  void close(Block::Kind kind) {
    if (!open_.empty() && open_.back().kind == kind) open_.pop_back();
  }

  /// What is open where the wanted lines begin.
  void walk() {
    for (std::size_t i = 0; i < all_.size() && all_[i].line < wanted_.first; ++i) step(i);
  }

  void step(std::size_t i) {
    using Kind = Block::Kind;
    const Token& token = all_[i];
    const std::string_view text = token.text;
    if (is(i, "(") && is(i + 1, ")") && i > 0) {
      if (is(i + 2, "{"))
        open_.push_back({.kind = Kind::Function, .at = i, .name = all_[i - 1].text});
      return;
    }
    if (text == ";;") return next_branch(i);
    if (text == ")" && !open_.empty() && open_.back().kind == Kind::Group &&
        is(open_.back().at, "("))
      return close(Kind::Group);
    if (text == "(" && is_joined(i)) open_.push_back({.kind = Kind::Group, .at = i});
    if (!token.starts_command) {
      if (text == "in" && !open_.empty() && open_.back().kind == Kind::Case &&
          open_.back().pattern == 0)
        open_.back().pattern = i + 1;
      return;
    }
    if (text == "if") open_.push_back({.kind = Kind::If, .at = i});
    if (text == "then" && !open_.empty()) open_.back().thens.push_back(i);
    if (text == "else" && !open_.empty()) open_.back().in_else = true;
    if (text == "fi") close(Kind::If);
    if (text == "for" || text == "while" || text == "until")
      open_.push_back({.kind = Kind::Loop, .at = i});
    if (text == "done") close(Kind::Loop);
    if (text == "case") open_.push_back({.kind = Kind::Case, .at = i});
    if (text == "esac") close(Kind::Case);
    const bool is_body = i > 2 && is(i - 1, ")") && is(i - 2, "(");
    if (text == "{" && !is_body) open_.push_back({.kind = Kind::Group, .at = i});
    if (text == "}" && !open_.empty() &&
        (open_.back().kind == Kind::Group || open_.back().kind == Kind::Function))
      open_.pop_back();
  }

  [[nodiscard]] bool is_joined(std::size_t i) const {
    return i > 0 && (is(i - 1, "&&") || is(i - 1, "||"));
  }

  void next_branch(std::size_t i) {
    for (auto block = open_.rbegin(); block != open_.rend(); ++block)
      if (block->kind == Block::Kind::Case) {
        block->thens.push_back(block->pattern);
        block->pattern = i + 1;
        return;
      }
  }

  void put(const Token& token, std::string with) {
    text_.replace(token.at, token.text.size(), std::move(with));
  }

  [[nodiscard]] bool must_stay(std::size_t from, std::size_t to) const {
    if (!removes_) return false;
    const std::size_t begin = all_[from].at;
    return share_a_name(text_.code().substr(begin, all_[to].at - begin), text_.part(wanted_));
  }

  void take(const Block& block) {
    if (block.kind == Block::Kind::If && !block.thens.empty()) {
      if (must_stay(block.at, block.thens.back())) return;
      for (const std::size_t i : block.thens) {
        const bool is_taken = i == block.thens.back() && !block.in_else;
        put(all_[i], is_taken ? ":; then" : "false; then");
      }
    }
    if (block.kind == Block::Kind::Group && is_joined(block.at)) put(all_[block.at - 1], ";");
    if (block.kind == Block::Kind::Case && block.pattern != 0) {
      for (const std::size_t i : block.thens) pattern(i, "__none__");
      pattern(block.pattern, "*");
    }
  }

  /// The words between the branch's beginning and its ")".
  void pattern(std::size_t first, std::string with) {
    std::size_t end = first;
    while (end < all_.size() && !is(end, ")")) ++end;
    if (end == all_.size() || end == first) return;
    text_.replace(all_[first].at, all_[end].at - all_[first].at, std::move(with));
  }

  /// Conditions on the wanted lines themselves.
  void within() {
    int brackets = 0;
    for (std::size_t i = 0; i < all_.size(); ++i) {
      const Token& token = all_[i];
      if (token.text == "[[") ++brackets;
      if (token.text == "]]") --brackets;
      if (token.line < wanted_.first || token.line > wanted_.last || brackets > 0) continue;
      if (removes_ &&
          share_a_name(text_.line(token.line).substr(0, token.at - text_.start_of(token.line)),
                       text_.line(token.line).substr(token.at - text_.start_of(token.line))))
        continue;
      if (token.text == "then" && token.starts_command) put(token, ":; then");
      if (token.text == "&&" || token.text == "||") put(token, ";");
    }
  }

  /// What ran last before the lines may have ended the script or the function.
  void pass_over_end() {
    const int last = last_before(ran_, wanted_.first);
    if (last == 0) return;
    for (std::size_t i = 0; i < all_.size(); ++i) {
      if (all_[i].line != last) continue;
      const std::string_view text = all_[i].text;
      if (all_[i].starts_command && (text == "exit" || text == "return")) put(all_[i], ":");
      // "check || die …"
      if (text == "||" && i + 1 < all_.size() && all_[i + 1].text != "{" &&
          all_[i + 1].text != "exit" && all_[i + 1].text != "return")
        put(all_[i], "|| : ");
    }
  }

  GateText& text_;
  const std::vector<LineRange>& ran_;
  LineRange wanted_;
  bool removes_;
  Tokens read_;
  const std::vector<Token>& all_;
  std::vector<Block> open_;
  int defined_ = 0;
};

}  // namespace

void open_in_shell(GateText& text, const std::vector<LineRange>& ran, LineRange wanted,
                   bool removes, int depth) {
  ShellGates gates(text, ran, wanted, removes);
  const std::string_view function = gates.open();
  if (function.empty() || depth == 0) return;
  for (const int call : calls_of(text, function, gates.defined()))
    if (!touches(ran, {call, call})) open_in_shell(text, ran, {call, call}, removes, depth - 1);
}

}  // namespace skillaudit
