#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/analysis/outcome.h"
#include "harness/cli/batch.h"
#include "reports/audit_index.h"

namespace skillaudit {

/// The result of one audit of a batch: what is still needed after its bundle is written.
struct JobResult {
  int code = 0;        ///< exit code
  std::string error;   ///< why there is no audit; else empty, and the rest holds
  std::string name;    ///< of the skill, as its SKILL.md has it
  std::string system;  ///< "Debian GNU/Linux 12 (bookworm)"
  Outcome outcome;
  std::string reason;  ///< the first of the verdict
  SkillCoverage coverage;
  std::optional<GitSource> source;
  double seconds = 0;
  std::string summary;  ///< for stdout
  std::string report;   ///< report.json, where it will be printed
};

/// The runs of one skill on one system, as numbers of Batch::jobs: one run, or the repeated ones.
[[nodiscard]] std::vector<std::vector<std::size_t>> groups_of(const Batch& batch);

/// Exit code of a group: that of its only run. For repeated runs: the worst error if there was one,
/// else 3 if they differ, else the code of the first.
[[nodiscard]] int group_code(const std::vector<std::size_t>& group,
                             const std::vector<JobResult>& results);

/// "3 runs agree", or unified diffs between the first run and each other one. Ends in a newline.
/// Only for repeated runs that all ended in an audit.
[[nodiscard]] std::string repeat_report(const std::vector<std::size_t>& group, const Batch& batch,
                                        const std::vector<JobResult>& results);

/// The summary table at the end: a row for each audit, in the order given.
[[nodiscard]] std::string batch_table(const Batch& batch, const std::vector<JobResult>& results);

/// Writes comparison.md and comparison.json of each skill beside the bundles of its systems.
/// Returns a table of systems and scores for each skill, with its path. Of repeated runs only the
/// first counts; a skill without any audit is left out.
std::string write_comparisons(const Batch& batch, const std::vector<std::string>& systems,
                              const std::vector<JobResult>& results);

/// Throws Error{Usage} if a comparison already exists there.
void require_no_comparisons(const Batch& batch);

/// Writes index.html, index.md and index.json of several skills. Returns a line with the path;
/// empty where the batch has no index, or no audit was made. `code`: the exit code of all.
std::string write_index(const Batch& batch, const std::vector<JobResult>& results, int code);

/// Throws Error{Usage} if there is an index already.
void require_no_index(const Batch& batch);

}  // namespace skillaudit
