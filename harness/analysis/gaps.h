#pragma once

#include <string>
#include <vector>

#include "harness/evidence/evidence.h"

namespace skillaudit {

/// True when no table of a snapshot came: the guest was lost before, and its gaps say so once for
/// each table.
[[nodiscard]] bool is_uncaptured(const Snapshot& snapshot);

/// What is missing of both snapshots, for a reader: printable sentences such as "after the run: the
/// guest's table 'cron' is missing", or the one that the whole state was not captured. The bundle's
/// before/gaps and after/gaps have each table's.
[[nodiscard]] std::vector<std::string> snapshot_gaps(const Snapshot& before, const Snapshot& after);

/// Why an audit that an agent drove shows nothing of the skill, a sentence each: the agent never
/// came to speak to its model, did not offer the skill, or the skill was never triggered. None
/// without an agent.
[[nodiscard]] std::vector<std::string> agent_gaps(const Evidence& evidence);

}  // namespace skillaudit
