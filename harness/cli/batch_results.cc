#include "harness/cli/batch_results.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/analysis/verdict.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "reports/comparison.h"
#include "reports/grade_words.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;

constexpr const char* kComparisons[] = {"comparison.md", "comparison.json"};
constexpr const char* kIndexes[] = {"index.html", "index.md", "index.json"};

[[noreturn]] void fail_existing(const fs::path& file) {
  fail(ErrorKind::Usage, "{} already exists: give --out a new folder; nothing is overwritten",
       printable(file.string()));
}

/// Characters that a terminal shows, for text that printable() made.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) >> 6) != 2; }));
}

/// Columns as wide as their widest cell; the last is not filled up.
std::string table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  std::string text;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      text += row[i];
      if (i + 1 < row.size()) text += std::string(widths[i] - width_of(row[i]) + 2, ' ');
    }
    text += '\n';
  }
  return text;
}

std::string verdict_cell(const JobResult& result) {
  if (!result.error.empty()) return fmt::format("error {}", result.code);
  return std::string(name_of(result.outcome.verdict));
}

std::string grade_cell(const JobResult& result) {
  const auto& grade = result.outcome.grade;
  return result.error.empty() && grade ? std::string(name_of(*grade)) : "-";
}

std::string score_cell(const JobResult& result, const std::optional<double>& score) {
  return result.error.empty() && score ? fmt::format("{:g}", *score) : "-";
}

}  // namespace

std::vector<std::vector<std::size_t>> groups_of(const Batch& batch) {
  std::vector<std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < batch.jobs.size(); ++i) {
    if (batch.jobs[i].run <= 1) groups.emplace_back();
    groups.back().push_back(i);
  }
  return groups;
}

int group_code(const std::vector<std::size_t>& group, const std::vector<JobResult>& results) {
  std::vector<int> errors;
  for (const std::size_t i : group)
    if (!results[i].error.empty()) errors.push_back(results[i].code);
  if (!errors.empty()) return worst_exit_code(errors);
  const JobResult& first = results[group.front()];
  for (const std::size_t i : group)
    if (!differences(first.outcome, results[i].outcome).empty())
      return static_cast<int>(ErrorKind::Evidence);
  return first.code;
}

std::string repeat_report(const std::vector<std::size_t>& group, const Batch& batch,
                          const std::vector<JobResult>& results) {
  std::string text;
  for (const std::size_t i : group) {
    const auto lines = differences(results[group.front()].outcome, results[i].outcome);
    if (lines.empty()) continue;
    text += fmt::format("--- {}\n+++ {}\n{}\n", batch.jobs[group.front()].label,
                        batch.jobs[i].label, join(lines, "\n"));
  }
  if (text.empty()) return fmt::format("{} runs agree\n", group.size());
  return fmt::format("{} runs differ:\n{}", group.size(), text);
}

std::string batch_table(const Batch& batch, const std::vector<JobResult>& results) {
  std::vector<std::vector<std::string>> rows = {
      {"AUDIT", "VERDICT", "GRADE", "OVERALL", "SECONDS", "BUNDLE"}};
  for (std::size_t i = 0; i < results.size(); ++i) {
    const JobResult& result = results[i];
    const bool made = result.error.empty();
    rows.push_back({batch.jobs[i].label, verdict_cell(result), grade_cell(result),
                    made && result.outcome.overall && shows_overall(result.outcome.verdict)
                        ? fmt::format("{:.1f}", *result.outcome.overall)
                        : "-",
                    made ? fmt::format("{:.1f}", result.seconds) : "-",
                    made ? printable(batch.jobs[i].bundle.string()) : "-"});
  }
  return table(rows);
}

std::string write_comparisons(const Batch& batch, const std::vector<std::string>& systems,
                              const std::vector<JobResult>& results) {
  std::string text;
  for (std::size_t skill = 0; skill < batch.places.size(); ++skill) {
    std::vector<SystemOutcome> outcomes;
    std::vector<std::vector<std::string>> rows = {{"SYSTEM", "VERDICT", "GRADE"}};
    for (const Axis axis : kAxes) rows[0].emplace_back(name_of(axis));
    std::string name;
    for (std::size_t i = 0; i < batch.jobs.size(); ++i) {
      const BatchJob& job = batch.jobs[i];
      if (job.skill != skill || job.run > 1) continue;
      const JobResult& result = results[i];
      name = job.name;
      outcomes.push_back({.os = systems[job.system],
                          .system = result.system,
                          .bundle = job.bundle.lexically_relative(batch.places[skill]).string(),
                          .error = result.error,
                          .outcome = result.outcome});
      rows.push_back({systems[job.system], verdict_cell(result), grade_cell(result)});
      for (const auto& score : result.outcome.scores)
        rows.back().push_back(score_cell(result, score));
    }
    if (std::all_of(outcomes.begin(), outcomes.end(),
                    [](const SystemOutcome& each) { return !each.error.empty(); }))
      continue;
    const Comparison comparison = compare_systems(name, std::move(outcomes));
    const auto shared = static_cast<std::size_t>(
        std::count_if(comparison.findings.begin(), comparison.findings.end(),
                      [&](const auto& each) { return is_shared(comparison, each); }));
    write_file(batch.places[skill] / kComparisons[0], render_comparison_markdown(comparison));
    write_file(batch.places[skill] / kComparisons[1], render_comparison_json(comparison));
    text += fmt::format(
        "\n{}: {}\n{}{} on all systems, {} only on some\nComparison: {}\n", printable(name),
        comparison.same ? "the same on all systems" : "different results on different systems",
        table(rows), count_of(shared, "finding"), comparison.findings.size() - shared,
        printable((batch.places[skill] / kComparisons[0]).string()));
  }
  return text;
}

void require_no_comparisons(const Batch& batch) {
  for (const fs::path& place : batch.places)
    for (const char* name : kComparisons)
      if (std::error_code ignored; fs::exists(place / name, ignored)) fail_existing(place / name);
}

std::string write_index(const Batch& batch, const std::vector<JobResult>& results, int code) {
  const bool any = std::any_of(results.begin(), results.end(),
                               [](const JobResult& result) { return result.error.empty(); });
  if (batch.index.empty() || !any) return {};
  std::vector<IndexedAudit> audits;
  for (std::size_t i = 0; i < results.size(); ++i) {
    const JobResult& result = results[i];
    audits.push_back({.name = batch.jobs[i].label,
                      .error = result.error,
                      .exit_code = result.code,
                      .outcome = result.outcome,
                      .reason = result.reason,
                      .coverage = result.coverage,
                      .seconds = result.seconds,
                      .bundle = batch.jobs[i].bundle.lexically_relative(batch.index).string(),
                      .source = result.source});
  }
  const AuditIndex index = make_index(std::move(audits), code);
  write_file(batch.index / kIndexes[0], render_index_html(index));
  write_file(batch.index / kIndexes[1], render_index_markdown(index));
  write_file(batch.index / kIndexes[2], render_index_json(index));
  return fmt::format("Index: {} (also .md, .json): {}\n",
                     printable((batch.index / kIndexes[0]).string()), counts_of(index));
}

void require_no_index(const Batch& batch) {
  if (batch.index.empty()) return;
  for (const char* name : kIndexes)
    if (std::error_code ignored; fs::exists(batch.index / name, ignored))
      fail_existing(batch.index / name);
}

}  // namespace skillaudit
