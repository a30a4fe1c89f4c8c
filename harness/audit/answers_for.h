#pragma once

#include "harness/evidence/skill.h"
#include "harness/traffic/answers.h"

namespace skillaudit {

/// `given`, with what the skill itself says of answers: the fields that its code reads, and the
/// stubs of its author. Both are of use in a world in which every host answers. Throws Error{Skill}
/// for a stub whose request is no rule.
[[nodiscard]] Answers answers_for(const Skill& skill, Answers given);

}  // namespace skillaudit
