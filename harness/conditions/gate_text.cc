#include "harness/conditions/gate_text.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "harness/base/among.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

/// Names that code of any kind has, and that tell nothing of what it works on.
constexpr auto kCommon = std::to_array<std::string_view>(
    {"HOME",    "USER",    "os",      "sys",    "path", "Path",       "pathlib", "fs",
     "process", "env",     "environ", "self",   "this", "True",       "False",   "None",
     "true",    "false",   "null",    "const",  "let",  "var",        "if",      "not",
     "and",     "or",      "in",      "is",     "my",   "ENV",        "require", "return",
     "home",    "homedir", "shutil",  "exists", "join", "expanduser", "length",  "len"});
constexpr std::size_t kMostCalls = 20;

bool is_name_byte(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::set<std::string_view> names_in(std::string_view code) {
  std::set<std::string_view> names;
  for (std::size_t at = 0; at < code.size();) {
    if (!is_name_byte(code[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < code.size() && is_name_byte(code[end])) ++end;
    const std::string_view name = code.substr(at, end - at);
    if (std::isdigit(static_cast<unsigned char>(name[0])) == 0 && !among(kCommon, name))
      names.insert(name);
    at = end;
  }
  return names;
}

}  // namespace

void GateText::replace(std::size_t at, std::size_t length, std::string with) {
  const auto next = edits_.lower_bound(at);
  if (next != edits_.end() && next->first < at + std::max<std::size_t>(length, 1)) return;
  if (next != edits_.begin()) {
    const auto& [before, edit] = *std::prev(next);
    if (before + std::max<std::size_t>(edit.length, 1) > at) return;
  }
  edits_.emplace(at, Edit{length, std::move(with)});
}

std::string GateText::changed() const {
  std::string text;
  std::size_t from = 0;
  for (const auto& [at, edit] : edits_) {
    text += code().substr(from, at - from);
    text += edit.with;
    from = at + edit.length;
  }
  text += code().substr(from);
  return text;
}

int last_before(const std::vector<LineRange>& ranges, int line) {
  int last = 0;
  for (const LineRange& range : ranges)
    if (range.first < line) last = std::max(last, std::min(range.last, line - 1));
  return last;
}

bool share_a_name(std::string_view condition, std::string_view part) {
  const std::set<std::string_view> used = names_in(part);
  const std::set<std::string_view> asked = names_in(condition);
  return std::ranges::any_of(asked, [&](std::string_view name) { return used.contains(name); });
}

namespace {

/// A line that is longer is data.
constexpr std::size_t kLongestLine = 2000;

bool is_quoted(std::string_view line, std::size_t at) {
  if (at > kLongestLine) return true;
  char quote = 0;
  for (std::size_t i = 0; i < at; ++i) {
    if (line[i] == '\\')
      ++i;
    else if (quote != 0)
      quote = line[i] == quote ? '\0' : quote;
    else if (line[i] == '"' || line[i] == '\'' || line[i] == '`')
      quote = line[i];
  }
  return quote != 0;
}

/// "f(name=…)" gives an argument its value.
bool is_argument(std::string_view line, std::size_t at) {
  const std::string_view before = trim(line.substr(0, at));
  return before.ends_with('(') || before.ends_with(',');
}

}  // namespace

bool sets_a_name_of(std::string_view line, std::string_view part) {
  for (const std::string_view name : names_in(part))
    for (std::size_t at = line.find(name); at != std::string_view::npos;
         at = line.find(name, at + 1)) {
      if (!is_word_at(line, at, name) || is_quoted(line, at) || is_argument(line, at)) continue;
      const std::string_view rest = trim(line.substr(at + name.size()));
      if (rest.starts_with('=') && !rest.starts_with("==") && !rest.starts_with("=>")) return true;
    }
  return false;
}

bool is_word_at(std::string_view text, std::size_t at, std::string_view word) {
  if (text.substr(at, word.size()) != word) return false;
  const std::size_t end = at + word.size();
  return (at == 0 || !is_name_byte(text[at - 1])) &&
         (end == text.size() || !is_name_byte(text[end]));
}

std::vector<int> calls_of(const GateText& text, std::string_view name, int defined) {
  std::vector<int> lines;
  for (int number = 1; number <= text.count() && lines.size() < kMostCalls; ++number) {
    if (number == defined) continue;
    const std::string_view line = text.line(number);
    for (std::size_t at = line.find(name); at != std::string_view::npos;
         at = line.find(name, at + 1))
      if (is_word_at(line, at, name)) {
        lines.push_back(number);
        break;
      }
  }
  return lines;
}

}  // namespace skillaudit
