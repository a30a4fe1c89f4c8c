#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/evidence/skill.h"

namespace skillaudit {

/// One command that a runner means to run in the guest: by bash, as the guest's user.
struct PlannedStep {
  std::string name;  ///< the scenario's name, the command of --cmd, "SKILL.md:12" or "scripts/x.sh"
  std::string command;         ///< for bash; one line or many
  std::string standard_input;  ///< empty: end of file at once
  int expected_exit = 0;
  std::optional<double> timeout_s;  ///< seconds; none: the audit's own limit
  /// Empty for a step that is to run. Else why it cannot: a block in a language that is no shell, a
  /// placeholder left for the reader, a program that needs a terminal.
  std::string reason_not_run;
  /// Of a step that is tried again: the command without the arguments that it asked for, and those.
  std::string bare_command = {};
  std::vector<std::string> arguments = {};
  std::string in_words = {};  ///< the sentence of a document that asks for it; empty for code
  std::string working_directory = {};  ///< in the guest; empty: that of the run (RunOptions)
  /// Our reading of the skill, not its own command: a piece of code, an argument that we chose.
  /// That it fails is not the skill's fault.
  bool tentative = false;
  /// It finds its own modules or files from the skill's folder, and is run there.
  bool in_skill_folder = false;
  /// A block in another language than a shell's: often a piece of a program.
  bool fragment = false;
  /// Such a piece in a further document, which no sentence asks to run: it shows how such code
  /// looks.
  bool example = false;
  std::string again = {};  ///< the step that this one runs once more, elsewhere; empty: none
  /// Of audit.yaml: set for this step alone, over the user's own.
  std::vector<std::pair<std::string, std::string>> environment = {};
  bool terminal = false;  ///< it runs on a terminal
};

struct Plan {
  std::string runner;  ///< "command", "walkthrough", or the agent's name
  std::vector<PlannedStep> steps;
  std::string nothing_to_run;                   ///< one sentence; set when no step is to run
  std::vector<std::string> not_exercised = {};  ///< "SKILL.md:12: …": what was asked in words
};

/// More steps of a walkthrough than this are planned as one that does not run.
inline constexpr std::size_t kMaximumSteps = 200;

/// How to exercise the skill: by `commands` (of `--cmd`) alone; else by the scenarios of audit.yaml
/// and what could harm and is in none of them; else by a walkthrough: what SKILL.md and the
/// documents it names give as code or tell in words (block_steps.h, word_steps.h), in order; then
/// each program of the skill that none of it ran, and the functions of its modules
/// (module_calls.h). Where nothing of this is there and no file is a program, the runner is
/// kWordsOnly, and nothing is to run. Pure. Throws Error{Usage} for an empty command.
[[nodiscard]] Plan make_plan(const Skill& skill, const std::vector<std::string>& commands);

/// The one scenario of audit.yaml with that name, as if there were no other. Throws Error{Usage}
/// where there is none.
[[nodiscard]] Plan plan_scenario(const Skill& skill, const std::string& name);

}  // namespace skillaudit
