#pragma once

#include <string>
#include <vector>

#include "harness/evidence/evidence.h"
#include "harness/rules/rules.h"

namespace skillaudit {

/// Adds to `drafts`, which are of the audit's first clone, what was found in one of its further
/// worlds: where the same rule found the same already, that world's name; else the finding, whose
/// citations then are of that world. What is only of quality is no more true for being seen twice:
/// effects from EffectClass::Lasting on count.
void join_world(const std::string& world, const std::vector<Draft>& found,
                std::vector<Draft>& drafts);

/// Steps that came to an end in the first clone and not in the world, as gaps: what they go on to
/// do there was not seen.
[[nodiscard]] std::vector<Gap> unfinished_in(const Evidence& world, const Evidence& first);

/// Whether the step, which is of the first clone, came to what it is for in a further world.
[[nodiscard]] bool is_exercised_in_a_world(const Step& step, const Evidence& first);

}  // namespace skillaudit
