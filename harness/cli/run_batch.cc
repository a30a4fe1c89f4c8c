#include "harness/cli/run_batch.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <mutex>

#include "harness/analysis/verdict.h"
#include "harness/audit/pool.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/made_folder.h"
#include "harness/base/text.h"
#include "harness/bundle/layout.h"
#include "harness/cli/batch_results.h"
#include "harness/cli/batch_view.h"
#include "harness/cli/called_as.h"
#include "harness/cli/summary.h"
#include "harness/providers/default_provider.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;

/// Folders that contain several bundles: each audit would remove such a folder if it is empty.
class SharedFolders {
 public:
  explicit SharedFolders(const Batch& batch) {
    for (const BatchJob& job : batch.jobs) {
      const fs::path parent = fs::absolute(job.bundle).lexically_normal().parent_path();
      if (parents_.empty() || parents_.back() != parent) {
        parents_.push_back(parent);
        folders_.push_back(std::make_unique<MadeFolder>(parent));
      }
    }
  }
  /// Last first: a folder may be inside one that was made earlier.
  ~SharedFolders() {
    while (!folders_.empty()) folders_.pop_back();
  }
  SharedFolders(const SharedFolders&) = delete;
  SharedFolders& operator=(const SharedFolders&) = delete;

 private:
  std::vector<fs::path> parents_;
  std::vector<std::unique_ptr<MadeFolder>> folders_;
};

/// One audit of several. An error is its result, so that one broken skill does not stop the others.
/// Only Ctrl-C stops all.
JobResult run_job(const std::function<AuditSpec()>& spec, const BatchOptions& options,
                  Progress& progress) {
  JobResult result;
  const auto started = std::chrono::steady_clock::now();
  try {
    const AuditResult audit = run_audit(default_provider(), spec(), progress);
    result.code = exit_code(audit.assessment, options.asked);
    result.name = audit.evidence.skill.name;
    result.system = audit.evidence.environment.os;
    result.outcome = outcome_of(audit.assessment);
    if (!audit.assessment.reasons.empty()) result.reason = audit.assessment.reasons.front();
    result.coverage = audit.assessment.coverage;
    result.source = audit.evidence.skill.source;
    result.summary = summary(audit);
    if (options.json) result.report = read_file(path_in(audit.bundle, BundleFile::Report, "json"));
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Interrupted) throw;
    result.code = error.exit_code();
    result.error = error.what();
  } catch (const std::exception& error) {
    result.code = static_cast<int>(ErrorKind::Internal);
    result.error = "internal error: " + printable_block(error.what());
  }
  result.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  return result;
}

std::string complaint(const BatchJob& job, const JobResult& result) {
  const bool is_named = job.label == printable(job.name);
  return fmt::format("skillaudit: {}{}\n", is_named ? "" : job.label + ": ",
                     as_called(result.error));
}

/// Results of a group after all of its runs. Empty if a run failed: its error was already printed.
std::string account_of(const std::vector<std::size_t>& group, const Batch& batch,
                       const std::vector<JobResult>& results, bool json) {
  if (!std::all_of(group.begin(), group.end(),
                   [&](std::size_t each) { return results[each].error.empty(); }))
    return {};
  std::string text = json ? "" : results[group.front()].summary;
  if (group.size() > 1) text += repeat_report(group, batch, results);
  return text;
}

}  // namespace

int run_batch(const Batch& batch, const std::vector<std::string>& systems,
              const std::function<AuditSpec(const BatchJob&)>& spec_of,
              const BatchOptions& options) {
  if (systems.size() > 1) require_no_comparisons(batch);
  require_no_index(batch);
  const SharedFolders folders(batch);
  const auto view = make_batch_view(options.quiet, batch.jobs.size());
  std::vector<JobResult> results(batch.jobs.size());
  const auto groups = groups_of(batch);
  std::mutex mutex;
  std::vector<std::size_t> left;
  std::vector<std::size_t> group_of;
  for (const auto& group : groups) {
    group_of.insert(group_of.end(), group.size(), left.size());
    left.push_back(group.size());
  }

  const auto thrown = run_pool(batch.jobs.size(), options.jobs, [&](std::size_t i) {
    const BatchJob& job = batch.jobs[i];
    const auto progress = view->audit(job.label);
    JobResult result = run_job([&] { return spec_of(job); }, options, *progress);
    const std::lock_guard lock(mutex);
    results[i] = std::move(result);
    if (!results[i].error.empty()) view->print(stderr, complaint(job, results[i]));
    const std::size_t number = group_of[i];
    if (--left[number] == 0)
      view->print(options.json ? stderr : stdout,
                  account_of(groups[number], batch, results, options.json));
  });
  for (const std::exception_ptr& each : thrown)
    if (each) std::rethrow_exception(each);

  std::vector<int> codes;
  for (const auto& group : groups) codes.push_back(group_code(group, results));
  const int code = worst_exit_code(codes);
  std::string end = "\n" + batch_table(batch, results);
  if (systems.size() > 1) end += write_comparisons(batch, systems, results);
  end += write_index(batch, results, code);
  if (options.json) {
    std::vector<std::string> reports;
    for (const JobResult& result : results)
      if (result.error.empty()) reports.push_back(result.report);
    end = "[" + join(reports, ",") + "]\n";
  }
  view->print(stdout, end);
  return code;
}

}  // namespace skillaudit
