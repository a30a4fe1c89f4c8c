#include <array>

#include "harness/base/among.h"
#include "harness/base/text.h"
#include "harness/conditions/gate_text.h"

namespace skillaudit {
namespace {

constexpr auto kEnds = std::to_array<std::string_view>(
    {"return", "raise", "continue", "break", "exit", "quit", "sys.exit", "os._exit", "assert"});

/// "sys.exit" of "sys.exit(0)".
std::string_view first_word(std::string_view text) {
  return text.substr(0, text.find_first_of(" \t(:;"));
}

class PythonGates {
 public:
  PythonGates(GateText& text, const std::vector<LineRange>& ran, LineRange wanted, bool removes)
      : text_(text), ran_(ran), wanted_(wanted), removes_(removes) {}

  /// The function that holds the lines, where nobody called it; empty: none.
  std::string_view open() {
    pass_over_end();
    int indent = indent_of(wanted_.first);
    std::string_view function;
    for (int line = wanted_.first - 1; line > 0 && indent > 0; --line) {
      const std::string_view code = trim(text_.line(line));
      if (code.empty() || code[0] == '#' || indent_of(line) >= indent) continue;
      indent = indent_of(line);
      const int head = head_of(line, indent);
      const std::string_view word = first_word(trim(text_.line(head)));
      if (word == "if" || word == "elif") take(head, end_of_head(line), true);
      if (word == "elif" || word == "else") take_none_before(head, indent);
      const bool is_function = word == "def" || word == "async";
      if (is_function && function.empty()) function = name_at(head);
      if (is_function) defined_ = head;
    }
    return function;
  }
  [[nodiscard]] int defined() const { return defined_; }

 private:
  [[nodiscard]] int indent_of(int line) const {
    const std::string_view text = text_.line(line);
    const std::size_t at = text.find_first_not_of(" \t");
    return static_cast<int>(at == std::string_view::npos ? text.size() : at);
  }

  /// Of "):", which ends a condition of several lines, the line that begins it.
  [[nodiscard]] int head_of(int line, int indent) const {
    if (!trim(text_.line(line)).starts_with(')')) return line;
    for (int head = line - 1; head > 0; --head)
      if (indent_of(head) == indent && !trim(text_.line(head)).empty()) return head;
    return line;
  }

  /// The line with the colon of a condition that goes on after `line`.
  [[nodiscard]] int end_of_head(int line) const {
    for (int last = line; last < wanted_.first; ++last)
      if (trim(text_.line(last)).ends_with(':')) return last;
    return line;
  }

  /// A tuple is true whatever is in it.
  void take(int head, int last, bool is_true) {
    const std::string_view first = text_.line(head);
    const std::size_t word = first.find_first_not_of(" \t");
    const std::size_t after = std::min(first.find(' ', word), first.size());
    const std::string_view end = text_.line(last);
    const std::size_t colon = end.rfind(':');
    const std::string_view keyword = first.substr(word, after - word);
    if ((keyword != "if" && keyword != "elif") || colon == std::string_view::npos ||
        !trim(end.substr(colon + 1)).empty())
      return;
    if (removes_ && share_a_name(text_.part({head, last}), text_.part(wanted_))) return;
    text_.replace(text_.start_of(head) + after, 1, is_true ? " (" : " not (");
    text_.replace(text_.start_of(last) + colon, 1, ",):");
  }

  void take_none_before(int head, int indent) {
    for (int line = head - 1; line > 0; --line) {
      const std::string_view code = trim(text_.line(line));
      if (code.empty() || code[0] == '#' || indent_of(line) > indent) continue;
      const std::string_view word = first_word(code);
      if (indent_of(line) < indent || (word != "if" && word != "elif")) return;
      take(line, line, false);
      if (word == "if") return;
    }
  }

  [[nodiscard]] std::string_view name_at(int head) const {
    const std::string_view code = text_.line(head);
    const std::size_t def = code.find("def ");
    if (def == std::string_view::npos) return {};
    const std::string_view name = trim(code.substr(def + 4));
    return name.substr(0, name.find_first_of("( :"));
  }

  /// What ran last before the lines may have ended the program or the function.
  void pass_over_end() {
    const int last = last_before(ran_, wanted_.first);
    if (last == 0) return;
    const std::string_view line = text_.line(last);
    std::size_t at = line.find_first_not_of(" \t");
    if (at == std::string_view::npos) return;
    if (first_word(line.substr(at)) == "if" && line.find(": ") != std::string_view::npos)
      at = line.find(": ") + 2;
    if (!among(kEnds, first_word(line.substr(at)))) return;
    text_.replace(text_.start_of(last) + at, line.size() - at, "pass");
  }

  GateText& text_;
  const std::vector<LineRange>& ran_;
  LineRange wanted_;
  bool removes_;
  int defined_ = 0;
};

}  // namespace

void open_in_python(GateText& text, const std::vector<LineRange>& ran, LineRange wanted,
                    bool removes, int depth) {
  PythonGates gates(text, ran, wanted, removes);
  const std::string_view function = gates.open();
  if (function.empty() || depth == 0) return;
  for (const int call : calls_of(text, function, gates.defined()))
    if (!touches(ran, {call, call})) open_in_python(text, ran, {call, call}, removes, depth - 1);
}

}  // namespace skillaudit
