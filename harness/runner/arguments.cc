#include "harness/runner/arguments.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "harness/base/ascii.h"
#include "harness/base/text.h"
#include "harness/base/usage_text.h"
#include "harness/evidence/bare_command.h"
#include "harness/words/argument_value.h"

namespace skillaudit {
namespace {

constexpr std::size_t kMostSaid = 1U << 16;
constexpr std::size_t kLongestUsage = 4000;
constexpr std::size_t kMostArguments = 12;

std::string_view base_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

/// What stands behind "usage:", with the indented lines that continue it.
std::string usage_in(std::string_view said) {
  const std::string lower = ascii_lower(said);
  for (std::size_t at = lower.find("usage:"); at != std::string::npos;
       at = lower.find("usage:", at + 1)) {
    if (at > 0 && std::isalnum(static_cast<unsigned char>(lower[at - 1]))) continue;
    std::string_view rest = said.substr(at + 6, kLongestUsage);
    std::string usage;
    for (const std::string_view line : split(rest, '\n')) {
      const bool is_first = trim(usage).empty();
      if (!is_first && (trim(line).empty() || line[0] != ' ')) break;
      // The next form of a program that has several begins with its name again.
      if (!is_first && usage.find(trim(line.substr(0, line.find_first_of(" [<", 2)))) == 1) break;
      usage.append(" ").append(trim(line));
    }
    return usage;
  }
  return {};
}

/// Words of a usage line, each group in brackets as one: "[--all]", "[FILE ...]", "{a,b}".
std::vector<std::string> usage_words(std::string_view usage) {
  std::vector<std::string> words;
  int depth = 0;
  std::string word;
  for (const char c : usage) {
    if (depth == 0 && (c == ' ' || c == '\t')) {
      if (!word.empty()) words.push_back(std::move(word));
      word.clear();
      continue;
    }
    if (c == '[' || c == '<' || c == '{' || c == '(') ++depth;
    if ((c == ']' || c == '>' || c == '}' || c == ')') && depth > 0) --depth;
    word += c;
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

/// "a" of "{a,b}", "<a|b>", "(a|b)", "a|b"; empty for a word without a choice.
std::string choice_in(std::string_view word) {
  const bool is_set = word.starts_with('{') && word.find(',') != std::string_view::npos;
  if (!is_set && word.find('|') == std::string_view::npos) return {};
  while (!word.empty() && std::string_view("{(<[").find(word[0]) != std::string_view::npos)
    word.remove_prefix(1);
  const std::string first(trim(word.substr(0, word.find_first_of(",|})>]"))));
  const bool is_plain =
      !first.empty() && std::all_of(first.begin(), first.end(), [](unsigned char c) {
        return std::islower(c) != 0 || std::isdigit(c) != 0 || c == '-' || c == '_';
      });
  return is_plain ? first : std::string();
}

/// The first command of a list "Commands:" in a help text.
std::string listed_command(std::string_view said) {
  bool is_list = false;
  for (const std::string_view line : split(said, '\n')) {
    const std::string lower = ascii_lower(trim(line));
    if (lower == "commands:" || lower == "subcommands:" || lower == "available commands:") {
      is_list = true;
      continue;
    }
    if (!is_list) continue;
    const std::string_view text = trim(line);
    if (text.empty()) continue;
    const std::string command(text.substr(0, text.find_first_of(" \t,:")));
    if (line[0] != ' ' && line[0] != '\t') return {};
    if (command != "help" && std::islower(static_cast<unsigned char>(command[0])) != 0)
      return command;
  }
  return {};
}

struct Asked {
  std::string_view said;
  const std::vector<std::string>& given;
  const std::vector<std::string>& files;
};

bool is_command_word(std::string_view word) {
  const std::string lower = ascii_lower(word);
  return lower.find("command") != std::string::npos || lower.find("action") != std::string::npos;
}

/// "[input pdf]", "[values.json]", but not "[FILE ...]" nor "[count]".
bool is_placeholder(std::string_view group) {
  if (group.find("..") != std::string_view::npos || group.find('|') != std::string_view::npos ||
      group.find('-') != std::string_view::npos || group.find('[', 1) != std::string_view::npos)
    return false;
  return group.find(' ') != std::string_view::npos || group.find('.') != std::string_view::npos;
}

/// Where nothing but groups in brackets is asked for: the first, or all of them.
std::vector<std::string> by_groups(std::vector<std::string> optional, const Asked& asked) {
  // "[input pdf] [output json]": who asks so has brackets for placeholders, and wants them all.
  const bool wants_all = std::any_of(optional.begin(), optional.end(), is_placeholder);
  if (!wants_all && optional.size() > 1) optional.resize(1);
  std::vector<std::string> arguments;
  for (const std::string& word : optional) {
    if (arguments.size() == kMostArguments) break;
    if (is_command_word(word)) {
      const std::string command = listed_command(asked.said);
      if (!command.empty()) arguments.push_back(command);
    } else {
      const std::string choice = choice_in(word);
      arguments.push_back(choice.empty() ? argument_value(word, asked.files) : choice);
    }
  }
  return arguments;
}

std::vector<std::string> by_usage(std::vector<std::string> words, std::string_view program,
                                  const Asked& asked) {
  const std::string_view stem = program.substr(0, program.find('.', 1));
  const auto self = std::find_if(words.begin(), words.end(), [&](std::string_view word) {
    return base_of(word) == program || base_of(word) == stem;
  });
  if (self != words.end())
    words.erase(words.begin(), self + 1);
  else if (!words.empty())
    words.erase(words.begin());
  std::vector<std::string> arguments;
  std::vector<std::string> optional;
  for (std::size_t i = 0; i < words.size() && arguments.size() < kMostArguments; ++i) {
    const std::string& word = words[i];
    if (word == "..." || word == "…") continue;
    if (word[0] == '[') {
      if (word.size() > 2 && word[1] != '-' &&
          ascii_lower(word).find("option") == std::string::npos && !word.ends_with("ARGS]"))
        optional.push_back(word);
      continue;
    }
    const bool is_kept =
        std::find(asked.given.begin(), asked.given.end(), word) != asked.given.end();
    if (is_kept || word[0] == '-') {
      arguments.push_back(word.substr(0, word.find('=')));
      if (const std::size_t equals = word.find('='); equals != std::string::npos)
        arguments.back() += "=" + argument_value(word, asked.files);
      // "--input FILE": the option tells as much as the value's name.
      const bool takes = word[0] == '-' && word.find('=') == std::string::npos &&
                         i + 1 < words.size() && words[i + 1][0] != '-' && words[i + 1][0] != '[';
      if (takes) {
        ++i;
        const std::string choice = choice_in(words[i]);
        arguments.push_back(choice.empty() ? argument_value(words[i] + " " + word, asked.files)
                                           : choice);
      }
    } else if (const std::string choice = choice_in(word); !choice.empty()) {
      arguments.push_back(choice);
    } else if (is_command_word(word)) {
      const std::string command = listed_command(asked.said);
      if (!command.empty()) arguments.push_back(command);
    } else {
      arguments.push_back(argument_value(word, asked.files));
    }
  }
  return arguments.empty() ? by_groups(std::move(optional), asked) : arguments;
}

/// The name that the code gives to an argument: "path = sys.argv[1]", `FILE="$1"`, "const file =
/// process.argv[2]".
std::string name_before(std::string_view code, std::size_t at) {
  const std::size_t line = code.rfind('\n', at);
  std::string_view before = code.substr(line == std::string_view::npos ? 0 : line + 1,
                                        at - (line == std::string_view::npos ? 0 : line + 1));
  const std::size_t equals = before.find('=');
  if (equals == std::string_view::npos) return "file";
  before = trim(before.substr(0, equals));
  return std::string(before.substr(before.find_last_of(" \t") + 1));
}

std::vector<std::string> by_code(std::string_view code, const std::vector<std::string>& files) {
  struct Form {
    std::string_view start;
    int first;
  };
  static constexpr std::array<Form, 5> kForms = {
      {{"sys.argv[", 1}, {"process.argv[", 2}, {"ARGV[", 0}, {"${", 1}, {"$", 1}}};
  std::vector<std::string> arguments;
  for (const Form& form : kForms) {
    for (int i = 0; i < 6; ++i) {
      const std::string wanted = fmt::format("{}{}", form.start, form.first + i);
      std::size_t at = code.find(wanted);
      while (at != std::string_view::npos && at + wanted.size() < code.size() &&
             std::isdigit(static_cast<unsigned char>(code[at + wanted.size()])) != 0)
        at = code.find(wanted, at + 1);
      if (at == std::string_view::npos) break;
      arguments.push_back(argument_value(name_before(code, at), files));
    }
    if (!arguments.empty()) break;
  }
  return arguments;
}

}  // namespace

std::vector<std::string> arguments_asked(std::string_view said, std::string_view code,
                                         std::string_view program,
                                         const std::vector<std::string>& given,
                                         const std::vector<std::string>& files) {
  const Asked asked{said, given, files};
  if (const std::string usage = usage_in(said); !usage.empty())
    if (auto arguments = by_usage(usage_words(usage), program, asked); !arguments.empty())
      return arguments;
  if (auto arguments = by_code(code, files); !arguments.empty()) return arguments;
  if (const std::string command = listed_command(said); !command.empty()) return {command};
  return {argument_value("file", files)};
}

std::optional<PlannedStep> with_arguments(const PlannedStep& planned, const Step& step,
                                          const Skill& skill,
                                          const std::vector<std::string>& files) {
  const std::string& bare = planned.bare_command.empty() ? planned.command : planned.bare_command;
  const SkillFile* file = bare_command(bare, skill);
  if (file == nullptr || !asks_for_arguments(step.out, step.err)) return std::nullopt;
  const auto text = std::find_if(skill.texts.begin(), skill.texts.end(),
                                 [&](const SkillText& each) { return each.path == file->path; });
  const std::string said = (step.err + "\n" + step.out).substr(0, kMostSaid);
  const std::vector<std::string> arguments =
      arguments_asked(said, text == skill.texts.end() ? "" : text->text, base_of(file->path),
                      planned.arguments, files);
  if (arguments.empty() || arguments == planned.arguments) return std::nullopt;
  PlannedStep again = planned;
  again.bare_command = bare;
  again.arguments = arguments;
  again.command = std::string(trim(bare));
  for (const std::string& argument : arguments) again.command += " " + shell_quote(argument);
  again.name += planned.arguments.empty() ? " with arguments" : " with more";
  return again;
}

}  // namespace skillaudit
