#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/analysis/assessment.h"
#include "harness/audit/audit.h"
#include "harness/cli/batch.h"

namespace skillaudit {

struct BatchOptions {
  unsigned jobs = 1;  ///< audits at once
  bool json = false;
  bool quiet = false;
  std::optional<Grade> fail_under;
};

/// Makes all audits of a batch, several at once, and tells of each on stdout as it ends, of all at
/// the end: a table, what repeated runs differ in, how the systems compare (or, for json, the array
/// of reports and nothing else). What keeps one audit from being made goes to stderr and into the
/// exit code; the others go on. Returns the worst exit code. Throws Error{Interrupted} on Ctrl-C,
/// once no audit is running.
[[nodiscard]] int run_batch(const Batch& batch, const std::vector<std::string>& systems,
                            const std::function<AuditSpec(const BatchJob&)>& spec_of,
                            const BatchOptions& options);

}  // namespace skillaudit
