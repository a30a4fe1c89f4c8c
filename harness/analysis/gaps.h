#pragma once

#include <string>
#include <vector>

#include "harness/analysis/assessment.h"
#include "harness/evidence/evidence.h"

namespace skillaudit {

/// True when no table of a snapshot came: the guest was lost before, and its gaps say so once for
/// each table.
[[nodiscard]] bool is_uncaptured(const Snapshot& snapshot);

/// What is missing of a snapshot that was taken at `moment`, for a reader: "after the run: the
/// guest's table 'cron' is missing", or one gap for the whole state where nothing was captured.
/// Texts are printable, and each scope has the moment.
[[nodiscard]] std::vector<Gap> snapshot_gaps(const Snapshot& snapshot, Moment moment);

/// Everything that is missing of an audit's evidence, printable, with what its assessment says was
/// not exercised.
[[nodiscard]] std::vector<Gap> all_gaps(const Evidence& evidence, const Assessment& assessment);

/// Whether both snapshots hold the table whole.
[[nodiscard]] bool is_observed(const Evidence& evidence, Table table);
/// Whether nothing of what `source` saw is missing.
[[nodiscard]] bool is_observed(const Evidence& evidence, GapSource source);

}  // namespace skillaudit
