#include "harness/runner/python_module.h"

#include <algorithm>
#include <cctype>

#include "harness/base/text.h"

namespace skillaudit {
namespace {

bool is_name_byte(unsigned char c) { return std::isalnum(c) || c == '_'; }

std::string_view name_at(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && is_name_byte(static_cast<unsigned char>(text[end]))) ++end;
  return text.substr(0, end);
}

/// The text up to the bracket that closes the one before `from`; empty if none does.
std::string_view until_closed(std::string_view text, std::size_t from) {
  int depth = 1;
  char quote = '\0';
  for (std::size_t at = from; at < text.size(); ++at) {
    const char c = text[at];
    if (quote) {
      if (c == '\\') ++at;
      if (c == quote) quote = '\0';
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '(' || c == '[' || c == '{') {
      ++depth;
    } else if ((c == ')' || c == ']' || c == '}') && --depth == 0) {
      return text.substr(from, at - from);
    }
  }
  return {};
}

std::vector<std::string_view> split_at_commas(std::string_view list) {
  std::vector<std::string_view> parts;
  int depth = 0;
  std::size_t start = 0;
  for (std::size_t at = 0; at < list.size(); ++at) {
    const char c = list[at];
    if (c == '(' || c == '[' || c == '{') ++depth;
    if (c == ')' || c == ']' || c == '}') --depth;
    if (c != ',' || depth > 0) continue;
    parts.push_back(trim(list.substr(start, at - start)));
    start = at + 1;
  }
  if (const std::string_view last = trim(list.substr(start)); !last.empty()) parts.push_back(last);
  return parts;
}

void read_parameters(std::string_view list, PythonFunction& function) {
  bool keyword_only = false;
  for (const std::string_view part : split_at_commas(list)) {
    if (part.starts_with('*')) keyword_only = true;
    if (part.starts_with('*') || part == "/" || part.empty()) continue;
    const std::size_t colon = part.find(':');
    const std::size_t equals = part.find('=');
    const std::string name(trim(part.substr(0, std::min(colon, equals))));
    const bool is_receiver = !function.of_class.empty() && function.required.empty() &&
                             (name == "self" || name == "cls");
    if (equals != std::string_view::npos || is_receiver) continue;
    const std::string type(colon == std::string_view::npos ? "" : trim(part.substr(colon + 1)));
    (keyword_only ? function.keywords : function.required).push_back({name, type});
  }
}

/// Follows strings of three quotes, so that their lines are not read as code.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {}
  /// The next line of code, or of a string where `in_string()`.
  bool next(std::string_view& line) {
    if (at_ >= text_.size()) return false;
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    line = text_.substr(at_, end - at_);
    start_ = at_;
    at_ = end + 1;
    was_string_ = !quote_.empty();
    follow(line);
    return true;
  }
  [[nodiscard]] bool in_string() const { return was_string_; }
  [[nodiscard]] std::size_t start() const { return start_; }

 private:
  void follow(std::string_view line) {
    for (std::size_t at = 0; at + 2 < line.size(); ++at) {
      const std::string_view three = line.substr(at, 3);
      if (quote_.empty() ? (three == "\"\"\"" || three == "'''") : three == quote_) {
        quote_ = quote_.empty() ? std::string(three) : std::string();
        at += 2;
      }
    }
  }
  std::string_view text_;
  std::string quote_;
  std::size_t at_ = 0;
  std::size_t start_ = 0;
  bool was_string_ = false;
};

/// "main()", "app.run(…)": a statement that is a call.
bool is_call(std::string_view line) {
  std::size_t end = 0;
  while (end < line.size() &&
         (is_name_byte(static_cast<unsigned char>(line[end])) || line[end] == '.'))
    ++end;
  return end > 0 && end < line.size() && line[end] == '(';
}

std::string_view without(std::string_view text, std::string_view prefix) {
  return text.starts_with(prefix) ? trim(text.substr(prefix.size())) : std::string_view();
}

}  // namespace

std::size_t relative_import_levels(std::string_view text) {
  std::size_t levels = 0;
  for (const std::string_view line : split(text, '\n')) {
    if (!line.starts_with("from .")) continue;
    const std::string_view dots = line.substr(5);
    levels = std::max(levels, std::min(dots.find_first_not_of('.'), dots.size()));
  }
  return levels;
}

std::vector<std::string> packages_imported(std::string_view text) {
  std::vector<std::string> packages;
  for (const std::string_view line : split(text, '\n')) {
    const std::string_view code = trim(line);
    if (!code.starts_with("from ") && !code.starts_with("import ")) continue;
    const std::string_view name = trim(code.substr(code.find(' ')));
    const std::size_t end = name.find_first_of(". ,");
    if (end != std::string_view::npos && end > 0 && name[end] == '.')
      packages.emplace_back(name.substr(0, end));
  }
  return packages;
}

PythonModule read_python_module(std::string_view text) {
  PythonModule module;
  Lines lines(text);
  std::string of_class;
  std::size_t indentation = 0;  // of the class's members; 0: not known yet
  std::string_view line;
  while (lines.next(line)) {
    if (lines.in_string() || trim(line).empty() || trim(line).starts_with('#')) continue;
    const std::size_t indent = line.find_first_not_of(" \t");
    const std::string_view code = trim(line);
    if (indent == 0) {
      of_class = std::string(name_at(without(code, "class ")));
      indentation = 0;
      const bool is_main = code.starts_with("if ") && code.find("__name__") != code.npos;
      const bool loops =
          code.starts_with("for ") || code.starts_with("while ") || code.starts_with("with ");
      module.runs_by_itself = module.runs_by_itself || is_main || loops || is_call(code);
    } else if (of_class.empty()) {
      continue;
    } else if (indentation == 0) {
      indentation = indent;
    }
    if (indent > 0 && indent != indentation) continue;
    const std::string_view async = without(code, "async ");
    const std::string_view head = without(async.empty() ? code : async, "def ");
    const std::string_view name = name_at(head);
    if (name.empty()) continue;
    const std::size_t open = text.find('(', lines.start());
    if (open == std::string_view::npos) continue;
    PythonFunction function{of_class, std::string(name), {}, {}, !async.empty()};
    read_parameters(until_closed(text, open + 1), function);
    module.functions.push_back(std::move(function));
  }
  return module;
}

}  // namespace skillaudit
