#include "harness/runner/asks_person.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "harness/base/text.h"
#include "harness/skill/named_files.h"

namespace skillaudit {
namespace {

bool is_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// A shell's `read` where a command begins, with nothing but the standard input to read from.
bool reads_line(std::string_view line) {
  static constexpr auto kBefore =
      std::to_array<std::string_view>({"", "do", "then", "else", "if", "!", "{", "&&", "||", ";"});
  if (line.starts_with("while ") || line.starts_with("until ") ||
      line.find('<') != std::string_view::npos)
    return false;
  for (std::size_t at = line.find("read "); at != std::string_view::npos;
       at = line.find("read ", at + 1)) {
    const std::string_view before = trim(line.substr(0, at));
    if (at > 0 && line[at - 1] != ' ' && line[at - 1] != ';') continue;
    const std::string_view last = before.substr(before.find_last_of(" \t") + 1);
    if (before.ends_with(';') || std::find(kBefore.begin(), kBefore.end(), last) != kBefore.end())
      return true;
  }
  return false;
}

/// "input(" as a function of its own.
bool calls(std::string_view line, std::string_view name) {
  for (std::size_t at = line.find(name); at != std::string_view::npos; at = line.find(name, at + 1))
    if (at == 0 || (!is_name(line[at - 1]) && line[at - 1] != '.')) return true;
  return false;
}

}  // namespace

bool asks_person(std::string_view code) {
  const bool has_readline = code.find("readline") != std::string_view::npos;
  const bool is_python = code.find("import ") != std::string_view::npos ||
                         code.find("def ") != std::string_view::npos ||
                         code.find("python") != std::string_view::npos;
  for (const std::string_view line : split(code, '\n')) {
    const std::string_view text = trim(line);
    if (text.starts_with('#') || text.starts_with("//")) continue;
    if (reads_line(text)) return true;
    if (is_python && calls(text, "input(")) return true;
    if (has_readline && text.find(".question(") != std::string_view::npos) return true;
  }
  return false;
}

bool command_asks_person(std::string_view command, const Skill& skill) {
  return asks_person(command) ||
         std::any_of(skill.texts.begin(), skill.texts.end(), [&](const SkillText& text) {
           return !text.documents && mentions_file(command, text.path) && asks_person(text.text);
         });
}

}  // namespace skillaudit
