#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/analysis/verdict.h"
#include "harness/audit/audit.h"
#include "harness/cli/batch.h"

namespace skillaudit {

struct BatchOptions {
  unsigned jobs = 1;  ///< audits at once
  bool json = false;
  bool quiet = false;
  AskedResult asked;
};

/// Runs all audits of a batch, several at a time. Prints each result on stdout when it is ready. At
/// the end it prints a table, the differences between repeated runs, the comparison of systems and
/// where the index of several skills is, or, for json, only the array of reports. What `spec_of`
/// throws is the error of that audit. If an audit fails, its error goes to stderr and into
/// the exit code, and the others continue. Returns the worst exit code. Throws Error{Interrupted}
/// on Ctrl-C, after all audits have stopped.
[[nodiscard]] int run_batch(const Batch& batch, const std::vector<std::string>& systems,
                            const std::function<AuditSpec(const BatchJob&)>& spec_of,
                            const BatchOptions& options);

}  // namespace skillaudit
