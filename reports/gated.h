#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/analysis/source_location.h"
#include "harness/gate/gate.h"

namespace skillaudit {

/// What the formats of ci_formats.h share: an audit as the gate sees it. Without a gate every
/// finding counts, and the audit passes when it is APPROVED.

struct GatedFinding {
  const Finding* finding = nullptr;
  GateFinding gate;
};

struct GatedAudit {
  bool passes = false;
  int exit_code = 3;  ///< as of `run`
  Outcome in_force;
  std::vector<GatedFinding> findings;  ///< as in Assessment
};
[[nodiscard]] GatedAudit gated(const Assessment& assessment, const GateResult* gate);

/// The findings that count, worst first, by the severity in force.
[[nodiscard]] std::vector<GatedFinding> counting(const GatedAudit& audit);

/// "accepted until 2027-01-31: reviewed in #17", "switched off: …": why a finding does not count.
[[nodiscard]] std::string why_set_aside(const GateFinding& finding);

/// Why the evidence is not whole, one printable sentence each: its gaps, the axes that could not be
/// observed, and what else made the audit INCONCLUSIVE. Never empty for an audit that is.
[[nodiscard]] std::vector<std::string> missing_evidence(const Evidence& evidence,
                                                        const Assessment& assessment);

/// What all stages of the audit took together, in seconds.
[[nodiscard]] double seconds_of(const Evidence& evidence);

/// Raw bytes: "skills/notes/scripts/run.sh".
[[nodiscard]] std::string path_in_repository(std::string_view folder, std::string_view file);

}  // namespace skillaudit
