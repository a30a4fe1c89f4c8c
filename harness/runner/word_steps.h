#pragma once

#include <vector>

#include "harness/evidence/skill.h"
#include "harness/runner/plan.h"

namespace skillaudit {

/// What SKILL.md asks for in sentences, each as a step of its own with the name "SKILL.md:12", in
/// the order of the document. Pure.
[[nodiscard]] std::vector<PlannedStep> steps_of_words(const Skill& skill);

/// Puts them among the `steps` of blocks, which have such names too, by line. One whose command a
/// block runs is left out.
void add_in_order(std::vector<PlannedStep> words, std::vector<PlannedStep>& steps);

}  // namespace skillaudit
