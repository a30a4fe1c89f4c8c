#pragma once

#include <string>

#include "harness/analysis/assessment.h"
#include "harness/evidence/evidence.h"

namespace skillaudit {

/// How a terminal wants its text.
struct TerminalStyle {
  int columns = 80;  ///< what is narrower than 40 is taken for 40, what is wider than 120 for 120
  bool colour = false;
  std::string page;  ///< where the HTML report is, for the last line; empty: nowhere
  std::string program = "skillaudit";  ///< how the user calls it, in commands to copy
};

/// The audit on a screen or two: verdict and facts, what it asks for, what was not exercised,
/// findings with their first evidence, what to do next, network, changes, timeline, scores. Text of
/// the guest is printable(): the only escape sequences are ours, and none without `colour`.
/// Deterministic.
[[nodiscard]] std::string render_terminal(const Evidence& evidence, const Assessment& assessment,
                                          const TerminalStyle& style);

}  // namespace skillaudit
