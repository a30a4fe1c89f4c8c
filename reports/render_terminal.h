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
};

/// The audit on a screen or two: verdict, scores, findings with their first
/// evidence, network, changes, timeline, what to do next. Text of the guest is printable(): the
/// only escape sequences are ours, and none without `colour`. Deterministic.
[[nodiscard]] std::string render_terminal(const Evidence& evidence, const Assessment& assessment,
                                          const TerminalStyle& style);

}  // namespace skillaudit
