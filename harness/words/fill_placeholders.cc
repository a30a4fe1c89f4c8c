#include <algorithm>
#include <array>
#include <cctype>

#include "harness/base/ascii.h"
#include "harness/base/text.h"
#include "harness/words/argument_value.h"
#include "harness/words/instructions.h"
#include "harness/words/placeholders.h"

namespace skillaudit {
namespace {

constexpr int kMostPlaceholders = 100;

/// "[options]", "[-v]", "...": nothing is given for them.
bool asks_for_nothing(std::string_view placeholder) {
  static constexpr auto kNothing =
      std::to_array<std::string_view>({"option", "args", "arg]", "argument", "flag", "[-"});
  const std::string name = ascii_lower(placeholder);
  if (name.find("...") != std::string::npos || name.find("…") != std::string::npos) return true;
  return name.starts_with('[') && std::any_of(kNothing.begin(), kNothing.end(), [&](auto each) {
           return name.find(each) != std::string::npos;
         });
}

std::string answer_to(std::string_view placeholder) {
  return asks_for_nothing(placeholder) ? std::string()
                                       : argument_value(placeholder, project_files());
}

/// Whether what stands in front of a placeholder writes to it: "> <path>", "-o <path>".
bool is_written_to(std::string_view before) {
  while (before.ends_with('"') || before.ends_with('\'')) before.remove_suffix(1);
  const bool is_attached = before.ends_with('>');
  before = trim(before);
  if (before.ends_with('>') && !before.ends_with("=>") && !before.ends_with("->")) return true;
  const std::string_view word = before.substr(before.find_last_of(" \t\n") + 1);
  return !is_attached && (word == "-o" || word == "--output" || word == "--out" || word == "tee");
}

/// A word for what stands where a command begins: "<test command>".
bool starts_command(std::string_view line) {
  line = trim(line);
  return line.empty() || line.ends_with("&&") || line.ends_with(';') || line.ends_with('|');
}

/// Whether a command of Git wants a branch that is there: the project has the one.
bool is_branch_there(std::string_view placeholder, std::string_view line) {
  static constexpr auto kMakes =
      std::to_array<std::string_view>({" -b", " -B", " -c ", " -C ", "git branch", "worktree add"});
  return ascii_lower(placeholder).find("branch") != std::string::npos &&
         line.find("git ") != std::string_view::npos &&
         std::none_of(kMakes.begin(), kMakes.end(), [&](std::string_view each) {
           return line.find(each) != std::string_view::npos;
         });
}

/// Whether it names the folder of the skill, in which the rest of a path lies:
/// "<path-to-skill>/scripts/x.py".
bool is_skill_folder(std::string_view placeholder, std::string_view rest) {
  const std::string name = ascii_lower(placeholder);
  return rest.starts_with('/') && name.find("skill") != std::string::npos &&
         name.find("name") == std::string::npos;
}

/// "/path/to/project", whose "path/to/" is at `at`: what the last word asks for, or the word.
void fill_path(std::string& code, std::size_t at) {
  const std::size_t from = at > 0 && code[at - 1] == '/' ? at - 1 : at;
  const std::size_t word = at + std::string_view("path/to/").size();
  std::size_t end = word;
  while (end < code.size() && (std::isalnum(static_cast<unsigned char>(code[end])) != 0 ||
                               std::string_view("_-./").find(code[end]) != std::string_view::npos))
    ++end;
  const std::string name = code.substr(word, end - word);
  const bool asks = name.find_first_of("./") == std::string::npos && says_kind(name);
  std::string answer = asks ? answer_to(name) : name;
  // Who writes "/path/to/project" means a path from the root; a shell fills it in.
  const std::string_view line = std::string_view(code).substr(0, from);
  const bool is_quoted = std::count(line.begin(), line.end(), '\'') % 2 != 0;
  if (answer == "." && from != at && !is_quoted) answer = "$PWD";
  code.replace(from, end - from, answer);
}

bool is_capital(std::string_view word) {
  return word.size() > 2 && std::all_of(word.begin(), word.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
         });
}

/// "FILE" of "scripts/x.py FILE": a word of capitals that is an argument and says of what kind.
std::string with_capitals_filled(const std::string& code) {
  std::string filled;
  bool first = true;  // the word is the command
  for (std::size_t at = 0; at < code.size();) {
    const std::size_t start = code.find_first_not_of(" \t\n", at);
    filled += code.substr(at, std::min(start, code.size()) - at);
    if (start == std::string::npos) break;
    first = first || code.substr(at, start - at).find('\n') != std::string::npos;
    const std::size_t end = std::min(code.find_first_of(" \t\n", start), code.size());
    const std::string word = code.substr(start, end - start);
    filled += !first && is_capital(word) && says_kind(word) ? answer_to(word) : word;
    first = false;
    at = end;
  }
  return filled;
}

/// "{{name}}", "${{…}}" aside, which is a workflow's.
std::string braces(std::string_view code) {
  const std::size_t at = code.find("{{");
  if (at == std::string_view::npos || (at > 0 && code[at - 1] == '$')) return {};
  const std::size_t end = code.find("}}", at);
  if (end == std::string_view::npos || end - at > 60) return {};
  const std::string_view inner = code.substr(at + 2, end - at - 2);
  const bool name = !inner.empty() && std::all_of(inner.begin(), inner.end(), [](unsigned char c) {
    return std::isalnum(c) || c == '_' || c == '-' || c == ' ';
  });
  // docker's and go's templates ask for fields: "{{.Names}}".
  return name ? std::string(code.substr(at, end + 2 - at)) : std::string();
}

}  // namespace

std::string fill_placeholders(std::string code) {
  for (int i = 0; i < kMostPlaceholders; ++i) {
    std::string found = find_placeholder(code);
    if (found.empty()) found = braces(code);
    const std::size_t at = found.empty() ? std::string::npos : code.find(found);
    if (at == std::string::npos) break;
    const std::string_view rest = std::string_view(code).substr(at + found.size());
    if (is_skill_folder(found, rest)) {
      code.erase(at, found.size() + 1);
    } else if (found == "path/to/") {
      fill_path(code, at);
    } else {
      const std::string_view before = std::string_view(code).substr(0, at);
      const std::string_view line = before.substr(before.rfind('\n') + 1);  // npos + 1 is 0
      const bool is_command = starts_command(line) && found.starts_with('<') &&
                              ascii_lower(found).find("command") != std::string::npos;
      code.replace(at, found.size(),
                   is_command                     ? "true"
                   : is_branch_there(found, line) ? "main"
                   : is_written_to(before)        ? answer_to("output " + found)
                                                  : answer_to(found));
    }
  }
  return with_capitals_filled(code);
}

}  // namespace skillaudit
