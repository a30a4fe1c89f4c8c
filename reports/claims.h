#pragma once

#include <string_view>
#include <variant>
#include <vector>

#include "harness/evidence/gap.h"
#include "harness/rules/section.h"

namespace skillaudit {

/// A table of the snapshots, or another witness.
using Witness = std::variant<Table, GapSource>;

/// What a check of the report says: that nothing of a kind happened, that something did, or that it
/// was not observed.
struct Claim {
  ReportSection section;         ///< of the rules whose findings speak against it
  std::vector<Witness> seen_by;  ///< whose gaps would leave it open
  std::string_view nothing;      ///< "No cron jobs created"
  std::string_view something;    ///< "Cron jobs were changed"
  std::string_view unobserved;   ///< "Cron jobs: not observed"
};

/// Throws Error{Internal} for a section that is no check.
[[nodiscard]] const Claim& claim_of(ReportSection section);

}  // namespace skillaudit
