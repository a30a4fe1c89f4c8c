#include "harness/skill/shell_statements.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "harness/base/text.h"

namespace skillaudit {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/// A line that the shell reads as one, without comments and what is quoted.
struct LogicalLine {
  LineRange lines;
  std::string code;  ///< each quoted part is `"`
};

/// A here-document that the line announced.
struct HereDocument {
  std::string end;
  bool tabs = false;  ///< `<<-`: tabs before its end do not count
};

class Scan {
 public:
  explicit Scan(std::string_view code) : code_(code) {}

  bool next(LogicalLine& line) {
    if (at_ >= code_.size()) return false;
    line = {{line_, line_}, ""};
    documents_.clear();
    while (at_ < code_.size() && !ends(line)) {
    }
    for (const HereDocument& document : documents_) skip(document);
    const bool behind_its_end = code_[at_ - 1] == '\n';
    line.lines.last = std::max(line.lines.first, behind_its_end ? line_ - 1 : line_);
    return true;
  }

 private:
  [[nodiscard]] char peek(std::size_t ahead) const {
    return at_ + ahead < code_.size() ? code_[at_ + ahead] : '\0';
  }

  /// Takes one part; true where it was the end of the line.
  bool ends(LogicalLine& line) {
    const char c = code_[at_];
    if (c == '\n') {
      take();
      const bool goes_on = nested_ > 0;
      line.code += ' ';
      return !goes_on;
    }
    const bool starts_word =
        line.code.empty() || is_blank(line.code.back()) ||
        std::string_view(";&|(").find(line.code.back()) != std::string_view::npos;
    if (c == '\\') {
      take();
      if (at_ < code_.size()) line.code += code_[at_] == '\n' ? ' ' : '"';
      if (at_ < code_.size()) take();
    } else if (c == '#' && starts_word) {
      while (at_ < code_.size() && code_[at_] != '\n') take();
    } else if (c == '\'' || c == '"') {
      quoted(c);
      line.code += '"';
    } else if (c == '<' && peek(1) == '<' && peek(2) != '<') {
      announce();
      line.code += ' ';
    } else {
      nest(c, line.code);
      line.code += c;
      take();
    }
    return false;
  }

  /// What goes on over lines: `$(…)`, `<(…)` and lists `x=(…)`.
  void nest(char c, const std::string& before) {
    const bool opens = c == '(' && !before.empty() &&
                       std::string_view("$=<>").find(before.back()) != std::string_view::npos;
    if (opens || (nested_ > 0 && c == '(')) ++nested_;
    if (nested_ > 0 && c == ')') --nested_;
  }

  void take() { line_ += code_[at_++] == '\n' ? 1 : 0; }

  void quoted(char quote) {
    take();
    while (at_ < code_.size() && code_[at_] != quote) {
      if (quote == '"' && code_[at_] == '\\' && at_ + 1 < code_.size()) take();
      take();
    }
    if (at_ < code_.size()) take();
  }

  void announce() {
    at_ += 2;
    HereDocument document;
    if (peek(0) == '-') {
      document.tabs = true;
      ++at_;
    }
    while (at_ < code_.size() && is_blank(code_[at_])) ++at_;
    for (; at_ < code_.size(); ++at_) {
      const char c = code_[at_];
      if (is_blank(c) || std::string_view("\n;&|<>()").find(c) != std::string_view::npos) break;
      if (c != '\'' && c != '"' && c != '\\') document.end += c;
    }
    if (!document.end.empty()) documents_.push_back(std::move(document));
  }

  void skip(const HereDocument& document) {
    while (at_ < code_.size()) {
      const std::size_t end = std::min(code_.find('\n', at_), code_.size());
      std::string_view text = code_.substr(at_, end - at_);
      while (document.tabs && text.starts_with('\t')) text.remove_prefix(1);
      at_ = std::min(end + 1, code_.size());
      if (end < code_.size()) ++line_;
      if (text == document.end) return;
    }
  }

  std::string_view code_;
  std::size_t at_ = 0;
  int line_ = 1;
  int nested_ = 0;
  std::vector<HereDocument> documents_;
};

constexpr auto kClosing = std::to_array<std::string_view>({"fi", "done", "esac", "}"});
constexpr auto kLeading = std::to_array<std::string_view>(
    {"then", "else", "do", "{", "if", "elif", "while", "until", "!", "time"});

std::string_view first_word(std::string_view text) {
  return text.substr(0, text.find_first_of(" \t;&|()"));
}

/// Without "name() {" or "function name {"; unchanged where it is none.
std::string_view without_function_head(std::string_view text) {
  std::string_view rest = text;
  const bool keyword = first_word(rest) == "function";
  if (keyword) rest = trim(rest.substr(8));
  const std::string_view name = first_word(rest);
  if (name.empty() || name.find_first_of("=$\"") != std::string_view::npos) return text;
  rest = trim(rest.substr(name.size()));
  const bool brackets = rest.starts_with('(') && trim(rest.substr(1)).starts_with(')');
  if (brackets) rest = trim(rest.substr(rest.find(')') + 1));
  return keyword || brackets ? rest : text;
}

/// Without "sync|pull)" of a case; unchanged where no bracket closes that the text did not open.
std::string_view without_pattern(std::string_view text) {
  int depth = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '(') ++depth;
    if (text[at] != ')' || --depth >= 0) continue;
    return trim(text.substr(at + 1));
  }
  return text;
}

/// Whether it has a command, and not only words that give structure.
bool acts(std::string_view text) {
  for (text = trim(text); !text.empty();) {
    const std::string_view before = text;
    if (text.starts_with('(')) return !trim(text.substr(1)).empty();
    text = without_pattern(without_function_head(text));
    if (!text.empty() && std::string_view(";)&|").find(text[0]) != std::string_view::npos)
      text = trim(text.substr(1));
    const std::string_view word = first_word(text);
    if (std::find(kClosing.begin(), kClosing.end(), word) != kClosing.end()) return false;
    if (std::find(kLeading.begin(), kLeading.end(), word) != kLeading.end())
      text = trim(text.substr(word.size()));
    if (text == before) return true;
  }
  return false;
}

}  // namespace

std::vector<LineRange> shell_statements(std::string_view code) {
  std::vector<LineRange> statements;
  Scan scan(code);
  LogicalLine line;
  while (scan.next(line))
    if (acts(line.code)) statements.push_back(line.lines);
  return statements;
}

}  // namespace skillaudit
