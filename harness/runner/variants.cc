#include "harness/runner/variants.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "harness/base/among.h"
#include "harness/base/ascii.h"
#include "harness/base/text.h"
#include "harness/skill/named_files.h"
#include "harness/skill/variables.h"

namespace skillaudit {
namespace {

constexpr std::size_t kMostVariables = 8;
constexpr auto kUsual = std::to_array<std::string_view>(
    {"HOME", "PATH", "SHELL", "TERM", "USER", "LANG", "PWD", "TMPDIR", "LOGNAME", "OSTYPE"});

bool is_word_byte(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

bool is_subcommand(std::string_view word) {
  return word.size() > 1 && word.size() < 30 && word != "help" &&
         std::islower(static_cast<unsigned char>(word[0])) != 0 &&
         std::all_of(word.begin(), word.end(), [](unsigned char c) {
           return std::islower(c) != 0 || std::isdigit(c) != 0 || c == '-' || c == '_';
         });
}

void add(std::string_view word, std::vector<std::string>& words) {
  if (is_subcommand(word) && std::find(words.begin(), words.end(), word) == words.end())
    words.emplace_back(word);
}

/// The first words in quotes behind each `start`: `add_parser("list"`, `.command('add <x>')`.
void add_quoted(std::string_view code, std::string_view start, std::vector<std::string>& words) {
  for (std::size_t at = code.find(start); at != std::string_view::npos;
       at = code.find(start, at + 1)) {
    const std::string_view rest = code.substr(at + start.size(), 60);
    if (rest.empty() || (rest[0] != '"' && rest[0] != '\'')) continue;
    add(rest.substr(1, rest.find_first_of("\"' ", 1) - 1), words);
  }
}

/// Of a shell, the patterns of `case "$1" in`.
void add_cases(std::string_view code, std::vector<std::string>& words) {
  bool inside = false;
  for (const std::string_view each : split(code, '\n')) {
    std::string_view line = trim(each);
    if (line.starts_with("case ")) {
      const std::string lower = ascii_lower(line);
      inside = line.find("$1") != std::string_view::npos ||
               line.find("${1") != std::string_view::npos ||
               lower.find("cmd") != std::string::npos || lower.find("command") != std::string::npos;
      line = line.substr(std::min(line.find(" in "), line.size() - 1) + 1);
      if (line.starts_with("in ")) line = trim(line.substr(3));
    }
    if (line.starts_with("esac")) inside = false;
    const std::size_t end = line.find(')');
    if (!inside || end == std::string_view::npos) continue;
    for (const std::string_view word : split(line.substr(0, end), '|')) add(trim(word), words);
  }
}

std::vector<std::string> subcommands_of(const SkillText& text) {
  std::vector<std::string> words;
  const std::string_view code = text.text;
  add_quoted(code, "add_parser(", words);
  add_quoted(code, ".command(", words);
  if (code.find("argv[2]") != std::string_view::npos) add_quoted(code, "case ", words);
  if (code.starts_with("#!") || text.path.ends_with(".sh")) add_cases(code, words);
  return words;
}

/// What stands before the arguments of the program in the step; empty where more than a program
/// and its path does.
std::string start_of(const std::string& command, const std::string& path) {
  const std::size_t at = command.find(path);
  if (at == std::string::npos) return {};
  const std::size_t line = command.rfind('\n', at) + 1;  // npos + 1 is 0
  const std::string start = command.substr(line, at + path.size() - line);
  return start.find_first_of("\"'|;&<>()`$") == std::string::npos ? start : std::string();
}

/// The quoted word next to a comparison in `rest`: `, "x") != "live"` gives "live".
std::string word_compared(std::string_view rest, bool is_shell) {
  rest = rest.substr(0, rest.find('\n'));
  const std::size_t equals = rest.find('=');
  if (equals == std::string_view::npos || equals == 0 || equals > 60) return {};
  const bool compares = rest[equals - 1] == '!' || rest.substr(equals).starts_with("==");
  if (!is_shell && !compares) return {};
  std::string_view word =
      trim(rest.substr(std::min(rest.find_first_not_of('=', equals), rest.size())));
  const bool quoted = word.starts_with('"') || word.starts_with('\'');
  if (quoted)
    word = word.substr(1, word.find(word[0], 1) - 1);
  else
    word = word.substr(0, word.find_first_of(" \t;])"));
  const bool plain = !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return is_word_byte(c) || c == '-' || c == '.';
  });
  return plain && !is_switch(ascii_lower(word)) ? std::string(word) : std::string();
}

using Variables = std::vector<std::pair<std::string, std::string>>;

void add_variable(std::string_view name, std::string_view rest, bool is_shell,
                  Variables& variables) {
  const bool is_name = name.size() > 2 && std::all_of(name.begin(), name.end(), is_word_byte) &&
                       std::isdigit(static_cast<unsigned char>(name[0])) == 0;
  if (!is_name || among(kUsual, name) || variables.size() >= kMostVariables) return;
  const auto same = [&](const auto& each) { return each.first == name; };
  if (std::any_of(variables.begin(), variables.end(), same)) return;
  std::string word = word_compared(rest, is_shell);
  if (!word.empty()) variables.emplace_back(name, std::move(word));
}

void add_compared(std::string_view code, Variables& variables) {
  for (const std::string_view start :
       {"environ.get(\"", "environ.get('", "environ[\"", "environ['", "getenv(\"", "getenv('",
        "process.env.", "process.env[\"", "process.env['", "[ \"$", "[[ \"$", "[[ $", "[ \"${",
        "test \"$"})
    for (std::size_t at = code.find(start); at != std::string_view::npos;
         at = code.find(start, at + 1)) {
      const std::size_t from = at + start.size();
      std::size_t end = from;
      while (end < code.size() && is_word_byte(code[end])) ++end;
      add_variable(code.substr(from, end - from), code.substr(end, 120),
                   start.ends_with('$') || start.ends_with('{'), variables);
    }
}

}  // namespace

std::vector<PlannedStep> subcommand_steps(const Skill& skill,
                                          const std::vector<PlannedStep>& steps) {
  std::vector<PlannedStep> added;
  for (const SkillText& text : skill.texts) {
    if (text.documents || !text.executable) continue;
    const auto runs = std::find_if(steps.begin(), steps.end(), [&](const PlannedStep& step) {
      return step.reason_not_run.empty() && mentions_file(step.command, text.path) &&
             !start_of(step.command, text.path).empty();
    });
    if (runs == steps.end()) continue;
    const std::string start = start_of(runs->command, text.path);
    for (const std::string& word : subcommands_of(text)) {
      const std::string given = text.path + " " + word;
      const bool is_given = std::any_of(steps.begin(), steps.end(), [&](const PlannedStep& step) {
        const std::size_t at = step.command.find(given);
        return at != std::string::npos && (at + given.size() == step.command.size() ||
                                           !is_word_byte(step.command[at + given.size()]));
      });
      if (is_given || added.size() == kMostSubcommands) continue;
      PlannedStep step = *runs;
      step.name = given;
      step.command = start + " " + word;
      step.bare_command = start;
      step.arguments = {word};
      step.in_words.clear();
      step.tentative = true;
      added.push_back(std::move(step));
    }
  }
  return added;
}

std::vector<std::pair<std::string, std::string>> compared_variables(const Skill& skill) {
  Variables variables;
  for (const SkillText& text : skill.texts)
    if (!text.documents) add_compared(text.text, variables);
  return variables;
}

}  // namespace skillaudit
