#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "harness/base/among.h"
#include "harness/base/text.h"
#include "harness/conditions/gate_text.h"

namespace skillaudit {
namespace {

/// A "{" that is open, and what stands before it.
struct Brace {
  std::size_t head = 0;  ///< where the text before it begins: behind the last ";", "{" or "}"
  std::size_t at = 0;
  std::size_t before_head = 0;  ///< of the block that was closed just before; as `head`
  std::size_t before_at = 0;
};

/// The span between the outer parentheses of "if (…)".
struct Condition {
  std::size_t begin = 0;
  std::size_t end = 0;
};

class BraceGates {
 public:
  BraceGates(GateText& text, const std::vector<LineRange>& ran, LineRange wanted, bool removes,
             bool hash_comments)
      : text_(text),
        code_(text.code()),
        ran_(ran),
        wanted_(wanted),
        removes_(removes),
        hash_comments_(hash_comments) {}

  std::string_view open() {
    walk();
    pass_over_end();
    behind();
    std::string_view function;
    for (const Brace& brace : open_) {
      const std::string_view head = code_.substr(brace.head, brace.at - brace.head);
      take(brace, head);
      if (const std::string_view name = name_in(head); !name.empty()) {
        function = name;
        defined_ = line_of(brace.at);
      }
    }
    take_without_braces();
    return function;
  }
  [[nodiscard]] int defined() const { return defined_; }

 private:
  [[nodiscard]] int line_of(std::size_t at) const {
    int line = 1;
    while (line < text_.count() && text_.start_of(line + 1) <= at) ++line;
    return line;
  }

  /// Behind a string or comment that begins at `at`; `at` itself where none does.
  [[nodiscard]] std::size_t behind_text(std::size_t at) const {
    const char c = code_[at];
    const std::string_view two = code_.substr(at, 2);
    if (hash_comments_ ? is_hash_comment(at) : two == "//")
      return std::min(code_.find('\n', at), code_.size());
    if (two == "/*") {
      const std::size_t end = code_.find("*/", at + 2);
      return end == std::string_view::npos ? code_.size() : end + 2;
    }
    if (c != '"' && c != '\'' && c != '`') return at;
    std::size_t end = at + 1;
    for (; end < code_.size() && code_[end] != c; ++end) {
      if (code_[end] == '\\') ++end;
      if (end < code_.size() && code_[end] == '\n' && c != '`') return at;
    }
    return std::min(end + 1, code_.size());
  }

  [[nodiscard]] bool is_hash_comment(std::size_t at) const {
    return code_[at] == '#' && (at == 0 || code_[at - 1] == '\n' || code_[at - 1] == ' ');
  }

  void walk() {
    const std::size_t until = text_.start_of(wanted_.first);
    std::size_t head = 0;
    for (std::size_t at = 0; at < until;) {
      if (const std::size_t behind = behind_text(at); behind != at) {
        at = behind;
        continue;
      }
      const char c = code_[at];
      if (c == '{') open_.push_back({head, at, closed_.head, closed_.at});
      if (c == '}' && !open_.empty()) {
        closed_ = open_.back();
        open_.pop_back();
      }
      if (c == '{' || c == '}' || c == ';') head = at + 1;
      ++at;
    }
  }

  [[nodiscard]] Condition condition_in(std::size_t from, std::string_view head) const {
    const std::size_t open = head.find('(');
    if (open == std::string_view::npos) return {};
    int depth = 0;
    for (std::size_t at = from + open; at < code_.size();) {
      if (const std::size_t behind = behind_text(at); behind != at) {
        at = behind;
        continue;
      }
      if (code_[at] == '(') ++depth;
      if (code_[at] == ')' && --depth == 0) return {from + open + 1, at};
      ++at;
    }
    return {};
  }

  void set_aside(const Condition& condition, bool is_true) {
    if (condition.end == 0) return;
    const std::string_view asked = code_.substr(condition.begin, condition.end - condition.begin);
    if (removes_ && share_a_name(asked, text_.part(wanted_))) return;
    text_.replace(condition.begin, 0, "(");
    text_.replace(condition.end, 0, is_true ? ") || 1" : ") && 0");
  }

  /// Where in the head its last line begins that starts with the keyword of a branch: comments and
  /// statements without a semicolon may stand before it.
  static std::size_t keyword_in(std::string_view head) {
    static constexpr auto kKeywords =
        std::to_array<std::string_view>({"if", "else", "elsif", "elseif", "unless"});
    std::size_t found = 0;
    for (std::size_t at = 0; at < head.size();) {
      const std::size_t word = head.find_first_not_of(" \t", at);
      if (word != std::string_view::npos && std::ranges::any_of(kKeywords, [&](auto keyword) {
            return is_word_at(head, word, keyword);
          }))
        found = word;
      const std::size_t end = head.find('\n', at);
      at = end == std::string_view::npos ? head.size() : end + 1;
    }
    return found;
  }

  /// The head of a block: "if (…)", "else if (…)", "else", "unless (…)".
  void take(const Brace& brace, std::string_view head) {
    const std::size_t skipped = keyword_in(head);
    const std::string_view words = trim(head.substr(skipped));
    const bool is_if = words.starts_with("if") || words.starts_with("elsif") ||
                       words.starts_with("elseif") || words.starts_with("else if");
    const Condition condition = condition_in(brace.head + skipped, head.substr(skipped));
    if (is_if) set_aside(condition, true);
    if (words.starts_with("unless")) set_aside(condition, false);
    if (words != "else" || brace.before_at == 0) return;
    const std::string_view before =
        code_.substr(brace.before_head, brace.before_at - brace.before_head);
    const std::size_t start = keyword_in(before);
    set_aside(condition_in(brace.before_head + start, before.substr(start)), false);
  }

  /// "if (…)" on the line before, or before the statement on the line itself.
  void take_without_braces() {
    for (const int number : {wanted_.first - 1, wanted_.first}) {
      if (number < 1) continue;
      const std::string_view line = text_.line(number);
      const std::size_t at = line.find_first_not_of(" \t");
      if (at == std::string_view::npos || !is_word_at(line, at, "if")) continue;
      const Condition condition = condition_in(text_.start_of(number) + at, line.substr(at));
      const bool ends = trim(code_.substr(condition.end + 1,
                                          text_.start_of(number) + line.size() - condition.end - 1))
                            .empty();
      if (condition.end != 0 && ends == (number != wanted_.first)) set_aside(condition, true);
    }
  }

  /// Perl's "… if …;" behind the statement.
  void behind() {
    for (int number = wanted_.first; number <= wanted_.last; ++number) {
      const std::string_view line = text_.line(number);
      const std::size_t end = line.rfind(';');
      const std::size_t at = line.rfind(" if ", end);
      if (at == std::string_view::npos || end == std::string_view::npos || at == 0 ||
          trim(line.substr(0, at)).empty() || trim(line).starts_with("}"))
        continue;
      if (removes_ && share_a_name(line.substr(at, end - at), line.substr(0, at))) continue;
      text_.replace(text_.start_of(number) + at, end - at, " if 1");
    }
  }

  /// The name of "function f(a)", "sub f", "const f = (a) =>".
  static std::string_view name_in(std::string_view head) {
    const auto name_behind = [&](std::string_view word) -> std::string_view {
      const std::size_t at = head.find(word);
      if (at == std::string_view::npos || !is_word_at(head, at, word)) return {};
      const std::string_view rest = trim(head.substr(at + word.size()));
      return rest.substr(0, rest.find_first_of(" (=:*\t\n"));
    };
    for (const std::string_view word : {"function", "sub", "func"})
      if (const std::string_view name = name_behind(word); !name.empty()) return name;
    if (head.find("=>") == std::string_view::npos &&
        head.find("function") == std::string_view::npos)
      return {};
    for (const std::string_view word : {"const", "let", "var"})
      if (const std::string_view name = name_behind(word); !name.empty()) return name;
    return {};
  }

  /// What ran last before the lines may have ended the program or the function.
  void pass_over_end() {
    const int last = last_before(ran_, wanted_.first);
    if (last == 0) return;
    const std::string_view line = text_.line(last);
    static constexpr auto kEnds =
        std::to_array<std::string_view>({"return", "process.exit", "throw", "exit", "die"});
    for (const std::string_view word : kEnds) {
      const std::size_t at = line.find(word);
      if (at == std::string_view::npos || !is_word_at(line, at, word)) continue;
      std::size_t end = line.find(';', at);
      if (end == std::string_view::npos) end = line.find_last_not_of(" \t}") + 1;
      if (end > at) text_.replace(text_.start_of(last) + at, end - at, "0");
      return;
    }
  }

  GateText& text_;
  std::string_view code_;
  const std::vector<LineRange>& ran_;
  LineRange wanted_;
  bool removes_;
  bool hash_comments_;  ///< "#" begins a comment, and not "//"
  std::vector<Brace> open_;
  Brace closed_;
  int defined_ = 0;
};

}  // namespace

void open_in_braces(GateText& text, const std::vector<LineRange>& ran, LineRange wanted,
                    bool removes, bool hash_comments, int depth) {
  BraceGates gates(text, ran, wanted, removes, hash_comments);
  const std::string_view function = gates.open();
  if (function.empty() || depth == 0) return;
  for (const int call : calls_of(text, function, gates.defined()))
    if (!touches(ran, {call, call}))
      open_in_braces(text, ran, {call, call}, removes, hash_comments, depth - 1);
}

}  // namespace skillaudit
