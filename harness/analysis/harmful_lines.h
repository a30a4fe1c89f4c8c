#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/evidence/evidence.h"

namespace skillaudit {

/// Lines that did not run, and what they do.
struct Harm {
  LineRange lines;
  std::string what;  ///< "it …"
};

/// Neighbours that did not run, and that together do what no honest program keeps for later: fetch
/// code and run it, or name secrets and the network.
[[nodiscard]] std::optional<Harm> harm_at_once(std::string_view text,
                                               const std::vector<LineRange>& statements,
                                               const std::vector<LineRange>& ran);

/// The same on one line of a shell that ran, where a program that it names never started.
[[nodiscard]] std::optional<Harm> harm_within_a_line(std::string_view text,
                                                     const Evidence& evidence);

}  // namespace skillaudit
