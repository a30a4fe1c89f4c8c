#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/analysis/outcome.h"
#include "harness/cli/batch.h"

namespace skillaudit {

/// What one audit of a batch came to: as much of it as is still needed once its bundle is written.
struct JobResult {
  int code = 0;        ///< exit code
  std::string error;   ///< why there is no audit; else empty, and the rest holds
  std::string name;    ///< of the skill, as its SKILL.md has it
  std::string system;  ///< "Debian GNU/Linux 12 (bookworm)"
  Outcome outcome;
  double seconds = 0;
  std::string summary;  ///< for stdout
  std::string report;   ///< report.json, where it will be printed
};

/// The runs of one skill on one system, as numbers of Batch::jobs: one run, or the repeated ones.
[[nodiscard]] std::vector<std::vector<std::size_t>> groups_of(const Batch& batch);

/// Exit code of a group: of its one run; of repeated runs the first's when all agree, 3 when they
/// differ, and the worst error where there is one.
[[nodiscard]] int group_code(const std::vector<std::size_t>& group,
                             const std::vector<JobResult>& results);

/// "3 runs agree", or what differs between the first and each other run as unified diffs. Ends in a
/// newline; for repeated runs that were all audited.
[[nodiscard]] std::string repeat_report(const std::vector<std::size_t>& group, const Batch& batch,
                                        const std::vector<JobResult>& results);

/// The summary table at the end: a row for each audit, in the order given.
[[nodiscard]] std::string batch_table(const Batch& batch, const std::vector<JobResult>& results);

/// comparison.md and comparison.json of each skill beside the bundles of its systems. Returns a
/// table of systems and scores for each skill, and where it is. Of repeated runs the first counts;
/// a skill that was audited nowhere is left out.
std::string write_comparisons(const Batch& batch, const std::vector<std::string>& systems,
                              const std::vector<JobResult>& results);

/// Throws Error{Usage} when a place has a comparison already.
void require_no_comparisons(const Batch& batch);

}  // namespace skillaudit
