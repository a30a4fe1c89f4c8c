#pragma once

#include <vector>

#include "harness/runner/plan.h"

namespace skillaudit {

/// What the skill's documents give as code, in order: the commands that an agent runs when it loads
/// SKILL.md (!`command`, https://code.claude.com/docs/en/slash-commands), then the code blocks of
/// SKILL.md, then those of the documents that SKILL.md names. Placeholders are filled in
/// (instructions.h); what was filled in, a piece in another language, and an example of a further
/// document is tentative: that it fails is not the skill's fault.
[[nodiscard]] std::vector<PlannedStep> steps_of_blocks(const Skill& skill);

}  // namespace skillaudit
