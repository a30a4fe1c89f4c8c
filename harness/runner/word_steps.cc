#include "harness/runner/word_steps.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <iterator>
#include <set>
#include <string>
#include <string_view>

#include "harness/base/text.h"
#include "harness/words/asked.h"
#include "harness/words/instructions.h"
#include "harness/words/targets.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kManifest = "SKILL.md";
constexpr std::size_t kDeepestDocument = 5;
constexpr std::size_t kLongestSentence = 300;

/// 12 of "SKILL.md:12 #2"; steps of other files come last.
int line_of(const PlannedStep& step) {
  int line = 0;
  const std::string_view name = step.name;
  if (!name.starts_with(kManifest) || name.size() <= kManifest.size() + 1) return INT32_MAX;
  std::from_chars(name.data() + kManifest.size() + 1, name.data() + name.size(), line);
  return line;
}

std::string unique_name(const std::string& name, std::set<std::string>& taken) {
  std::string unique = name;
  for (int number = 2; !taken.insert(unique).second; ++number)
    unique = fmt::format("{} #{}", name, number);
  return unique;
}

const SkillText* text_at(const Skill& skill, std::string_view path) {
  const auto found = std::find_if(skill.texts.begin(), skill.texts.end(),
                                  [&](const SkillText& text) { return text.path == path; });
  return found == skill.texts.end() ? nullptr : &*found;
}

/// SKILL.md, then the Markdown documents that it or one of them names.
std::vector<const SkillText*> documents_of(const Skill& skill) {
  std::vector<const SkillText*> documents;
  if (const SkillText* manifest = text_at(skill, kManifest)) documents.push_back(manifest);
  std::size_t from = 0;
  for (std::size_t depth = 0; depth < kDeepestDocument && from < documents.size(); ++depth) {
    const std::size_t end = documents.size();
    for (const SkillText& text : skill.texts) {
      if (!text.path.ends_with(".md")) continue;
      const bool known = std::find(documents.begin(), documents.end(), &text) != documents.end();
      const std::string name = fs::path(text.path).filename().string();
      const bool named = std::any_of(documents.begin() + static_cast<std::ptrdiff_t>(from),
                                     documents.begin() + static_cast<std::ptrdiff_t>(end),
                                     [&](const SkillText* document) {
                                       return document->text.find(name) != std::string::npos;
                                     });
      if (!known && named) documents.push_back(&text);
    }
    from = end;
  }
  return documents;
}

/// What an agent reads on the machine; reading the project and the skill changes and tells nothing.
std::string command_of(const Instruction& instruction) {
  if (instruction.kind == Instruction::Kind::Run) return instruction.what;
  if (instruction.link || !(is_outside(instruction.what) || is_secret_path(instruction.what)))
    return {};
  return "cat " + instruction.what;
}

/// The command with the place of a program of the skill that is named without its folder:
/// "python3 scripts/merge.py" for "python3 merge.py".
std::string with_place(const std::string& command, const Skill& skill) {
  const std::size_t start = command.rfind(' ', command.find_last_not_of(' ')) + 1;  // npos + 1: 0
  const std::string name(trim(std::string_view(command).substr(start)));
  static constexpr auto kInterpreters =
      std::to_array<std::string_view>({"", "python3 ", "python ", "node ", "bash ", "sh "});
  const bool is_program = std::find(kInterpreters.begin(), kInterpreters.end(),
                                    command.substr(0, start)) != kInterpreters.end();
  if (!is_program || name.find('.') == std::string::npos || name.find('/') != std::string::npos)
    return command;
  const SkillFile* found = nullptr;
  for (const SkillFile& file : skill.files) {
    if (file.path == name) return command;
    if (!file.path.ends_with("/" + name)) continue;
    if (found != nullptr) return command;
    found = &file;
  }
  return found == nullptr ? command : command.substr(0, start) + found->path;
}

bool is_line_of(std::string_view command, std::string_view block) {
  const auto lines = split(block, '\n');
  return std::any_of(lines.begin(), lines.end(),
                     [&](std::string_view line) { return trim(line) == trim(command); });
}

}  // namespace

std::vector<PlannedStep> steps_of_words(const Skill& skill) {
  std::vector<PlannedStep> steps;
  std::set<std::string> commands;
  for (const SkillText* document : documents_of(skill)) {
    for (const Instruction& instruction : instructions_of(document->text)) {
      const std::string command = with_place(command_of(instruction), skill);
      if (instruction.sentence.empty() || command.empty() || !commands.insert(command).second)
        continue;
      PlannedStep step;
      step.name = fmt::format("{}:{}", document->path, instruction.line);
      step.command = command;
      step.in_words = instruction.sentence;
      steps.push_back(std::move(step));
    }
  }
  return steps;
}

std::vector<std::string> not_interpreted(const Skill& skill) {
  std::vector<std::string> found;
  for (const SkillText* document : documents_of(skill))
    for (const NotInterpreted& each : read_words(parse_document(document->text)).not_interpreted)
      found.push_back(fmt::format("{}:{}: {}", document->path, each.line,
                                  shorten(printable(each.sentence), kLongestSentence)));
  return found;
}

bool has_program(const Skill& skill) {
  const auto is_executable = [](const SkillFile& file) { return (file.mode & 0111U) != 0; };
  return std::any_of(skill.files.begin(), skill.files.end(), is_executable) ||
         std::any_of(skill.texts.begin(), skill.texts.end(),
                     [](const SkillText& text) { return text.executable; }) ||
         std::any_of(
             skill.static_facts.begin(), skill.static_facts.end(),
             [](const StaticFact& fact) { return fact.kind == StaticFactKind::OpaqueFile; });
}

void add_in_order(std::vector<PlannedStep> words, std::vector<PlannedStep>& steps) {
  std::erase_if(words, [&](const PlannedStep& word) {
    return std::any_of(steps.begin(), steps.end(), [&](const PlannedStep& step) {
      return step.reason_not_run.empty() && is_line_of(word.command, step.command);
    });
  });
  std::set<std::string> taken;
  for (const PlannedStep& step : steps) taken.insert(step.name);
  for (PlannedStep& word : words) word.name = unique_name(word.name, taken);
  steps.insert(steps.end(), std::make_move_iterator(words.begin()),
               std::make_move_iterator(words.end()));
  std::stable_sort(steps.begin(), steps.end(),
                   [](const PlannedStep& one, const PlannedStep& other) {
                     return line_of(one) < line_of(other);
                   });
}

}  // namespace skillaudit
