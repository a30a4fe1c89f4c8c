#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/evidence/evidence.h"

namespace skillaudit {

/// Neighbouring lines of a program of the skill that did not run, and that together could harm.
struct Harm {
  std::string place;  ///< "scripts/sync.sh"
  LineRange lines;
  std::string what;  ///< "it fetches code and runs it": a clause
  /// No honest program keeps it for later: it fetches code and runs it, or names secrets and the
  /// network. Other such lines are worth a clone in which they run, and no more.
  bool decides = true;
  bool removes = false;  ///< it names files to remove
};

/// What the lines could do together; none: nothing that would harm. `secrets_elsewhere`: other
/// lines of the program name secrets.
[[nodiscard]] std::optional<Harm> harm_of(std::string_view part, bool secrets_elsewhere);

/// Neighbours that did not run and together could harm, each statement in one of them at most.
[[nodiscard]] std::vector<Harm> harm_at_once(std::string_view text,
                                             const std::vector<LineRange>& statements,
                                             const std::vector<LineRange>& ran);

/// The same on one line of a shell that ran, where a program that it names never started.
[[nodiscard]] std::optional<Harm> harm_within_a_line(std::string_view text,
                                                     const Evidence& evidence);

}  // namespace skillaudit
