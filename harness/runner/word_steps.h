#pragma once

#include <vector>

#include "harness/evidence/skill.h"
#include "harness/runner/plan.h"

namespace skillaudit {

/// What SKILL.md and the documents that it names ask for in sentences, each as a step of its own
/// with the name "SKILL.md:12", in the order of the documents. Pure.
[[nodiscard]] std::vector<PlannedStep> steps_of_words(const Skill& skill);

/// Puts them among the `steps` of blocks, which have such names too, by line. One whose command a
/// block runs is left out.
void add_in_order(std::vector<PlannedStep> words, std::vector<PlannedStep>& steps);

/// What sentences ask for and nobody could interpret: "SKILL.md:12: …".
[[nodiscard]] std::vector<std::string> not_interpreted(const Skill& skill);

/// Whether a file of the skill could be executed, by its bits, its first line, its name or bytes.
[[nodiscard]] bool has_program(const Skill& skill);

}  // namespace skillaudit
