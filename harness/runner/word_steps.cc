#include "harness/runner/word_steps.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <set>
#include <string>
#include <string_view>

#include "harness/base/text.h"
#include "harness/words/instructions.h"

namespace skillaudit {
namespace {

constexpr std::string_view kManifest = "SKILL.md:";

/// 12 of "SKILL.md:12 #2"; steps of other files come last.
int line_of(const PlannedStep& step) {
  int line = 0;
  const std::string_view name = step.name;
  if (!name.starts_with(kManifest)) return INT32_MAX;
  std::from_chars(name.data() + kManifest.size(), name.data() + name.size(), line);
  return line;
}

std::string place(int line, std::set<std::string>& taken) {
  const std::string name = fmt::format("{}{}", kManifest, line);
  std::string unique = name;
  for (int number = 2; !taken.insert(unique).second; ++number)
    unique = fmt::format("{} #{}", name, number);
  return unique;
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
  const auto manifest = std::find_if(skill.texts.begin(), skill.texts.end(),
                                     [](const SkillText& text) { return text.path == "SKILL.md"; });
  if (manifest == skill.texts.end()) return steps;
  for (const Instruction& instruction : instructions_of(manifest->text)) {
    if (instruction.sentence.empty() || instruction.kind != Instruction::Kind::Run) continue;
    if (!commands.insert(instruction.what).second) continue;
    PlannedStep step;
    step.name = fmt::format("{}{}", kManifest, instruction.line);
    step.command = instruction.what;
    step.in_words = instruction.sentence;
    steps.push_back(std::move(step));
  }
  return steps;
}

void add_in_order(std::vector<PlannedStep> words, std::vector<PlannedStep>& steps) {
  std::erase_if(words, [&](const PlannedStep& word) {
    return std::any_of(steps.begin(), steps.end(), [&](const PlannedStep& step) {
      return step.reason_not_run.empty() && is_line_of(word.command, step.command);
    });
  });
  std::set<std::string> taken;
  for (const PlannedStep& step : steps) taken.insert(step.name);
  for (PlannedStep& word : words) word.name = place(line_of(word), taken);
  steps.insert(steps.end(), std::make_move_iterator(words.begin()),
               std::make_move_iterator(words.end()));
  std::stable_sort(steps.begin(), steps.end(),
                   [](const PlannedStep& one, const PlannedStep& other) {
                     return line_of(one) < line_of(other);
                   });
}

}  // namespace skillaudit
