#include "harness/runner/block_steps.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/ascii.h"
#include "harness/base/text.h"
#include "harness/runner/shown_as_bad.h"
#include "harness/words/instructions.h"
#include "harness/words/placeholders.h"
#include "harness/words/shell_block.h"

namespace skillaudit {
namespace {

const SkillText* manifest_of(const Skill& skill) {
  const auto found = std::find_if(skill.texts.begin(), skill.texts.end(),
                                  [](const SkillText& text) { return text.path == "SKILL.md"; });
  return found == skill.texts.end() ? nullptr : &*found;
}

void add_load_commands(const SkillText& manifest, std::vector<PlannedStep>& steps) {
  int line_number = 0;
  for (const std::string_view line : split(manifest.text, '\n')) {
    ++line_number;
    for (std::size_t at = line.find("!`"); at != std::string_view::npos;
         at = line.find("!`", at + 2)) {
      const std::size_t end = line.find('`', at + 2);
      if (end == std::string_view::npos) break;
      const std::string_view command = trim(line.substr(at + 2, end - at - 2));
      if (command.empty()) continue;
      PlannedStep step;
      step.name = fmt::format("SKILL.md:{}", line_number);
      const bool again = !steps.empty() && steps.back().name.starts_with(step.name);
      if (again) step.name += fmt::format(" #{}", at);
      step.command = std::string(command);
      step.tentative = true;
      steps.push_back(std::move(step));
      at = end - 1;
    }
  }
}

PlannedStep step_of(const CodeBlock& block) {
  PlannedStep step;
  BlockCommand command = command_of(block);
  step.tentative = command.fragment || leaves_something_open(block.code);
  step.fragment = command.fragment;
  const BlockCommand filled =
      command.fragment ? BlockCommand()
                       : command_of({block.line, block.language, fill_placeholders(block.code)});
  if (!filled.command.empty() && filled.command != command.command) {
    command = filled;
    step.tentative = true;
  }
  step.command = std::move(command.command);
  step.reason_not_run = std::move(command.reason_not_run);
  // What it would have done is judged by its code.
  if (!step.reason_not_run.empty()) step.command = block.code;
  return step;
}

/// Whether the line before a block says that it is to be run.
bool is_asked_for(std::string_view document, int block_line) {
  const std::vector<std::string_view> lines = split(document, '\n');
  for (std::size_t at = static_cast<std::size_t>(std::max(block_line - 2, 0));
       at-- > 0 && at < lines.size();) {
    if (trim(lines[at]).empty()) continue;
    const std::string line = ascii_lower(lines[at]);
    for (const std::string_view word :
         {"run ", "run:", "running", "execute", "launch", "start ", "invoke", "use this", "save "})
      if (line.find(word) != std::string::npos) return true;
    return false;
  }
  return false;
}

bool is_document(std::string_view path) {
  return path.ends_with(".md") || path.ends_with(".markdown") || path.ends_with(".mdx");
}

}  // namespace

std::vector<PlannedStep> steps_of_blocks(const Skill& skill) {
  std::vector<PlannedStep> steps;
  const SkillText* manifest = manifest_of(skill);
  if (!manifest) return steps;
  add_load_commands(*manifest, steps);
  const auto add = [&](const SkillText& text, bool further) {
    for (const CodeBlock& block : code_blocks(text.text)) {
      PlannedStep step = step_of(block);
      if (step.command.empty()) continue;
      // A word must not hide what it does: what its code could reach stays open.
      if (further && is_shown_as_bad(text.text, block) && !is_to_be_followed(*manifest, text.path))
        step.reason_not_run = "the document shows it as an attack, or as wrong";
      step.name = fmt::format("{}:{}", text.path, block.line);
      step.example = step.fragment && further && !is_asked_for(text.text, block.line);
      step.tentative = step.tentative || further;
      steps.push_back(std::move(step));
    }
  };
  add(*manifest, false);
  for (const SkillText& text : skill.texts)
    if (&text != manifest && is_document(text.path) &&
        manifest->text.find(text.path) != std::string::npos)
      add(text, true);
  return steps;
}

}  // namespace skillaudit
