#pragma once

#include <vector>

#include "harness/evidence/dependence.h"
#include "harness/sensors/sent_parts.h"

namespace skillaudit {

/// What of what left followed the secrets. `own`: clones with the audit's own secrets, `others`:
/// clones with others, as many of each, in the order in which they ran: first own, then other, then
/// own. A part counts where all of `own` agree in it, all of `others` do, and the two do not; of a
/// text, its words are compared one by one, and of a word that varies, what in it does not. So what
/// is drawn at random, and what tells the time, counts for nothing from the second pair on: a time
/// that is one for all of `own` was no other in between.
///
/// Parts of few characters may agree by accident: see is_weak().
[[nodiscard]] std::vector<Dependence> find_dependences(const std::vector<Sent>& own,
                                                       const std::vector<Sent>& others);

/// Whether a third pair should be asked: what differs is so little that four clones may have agreed
/// by accident, such as a duration of one digit.
[[nodiscard]] bool is_weak(const Dependence& dependence);

}  // namespace skillaudit
