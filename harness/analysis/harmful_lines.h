#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/analysis/definitions.h"
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

/// A program, read once for what its lines could do.
class HarmReader {
 public:
  /// `code` must outlive it.
  explicit HarmReader(std::string_view code);

  /// What lines of the program could do together, by what stands in them and what the names that
  /// they use are set to; none: nothing that would harm.
  [[nodiscard]] std::optional<Harm> harm_of(std::string_view part) const;

 private:
  Definitions definitions_;
  bool names_secrets_;
};

/// Neighbours that did not run and together could harm, each statement in one of them at most.
[[nodiscard]] std::vector<Harm> harm_at_once(std::string_view text,
                                             const std::vector<LineRange>& statements,
                                             const std::vector<LineRange>& ran);

/// The same on one line of a shell that ran, where a program that it names never started.
[[nodiscard]] std::optional<Harm> harm_within_a_line(std::string_view text,
                                                     const Evidence& evidence);

}  // namespace skillaudit
