#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/analysis/outcome.h"
#include "harness/evidence/coverage.h"
#include "harness/evidence/skill.h"

namespace skillaudit {

/// The audits of one call, for one page: index.html, index.md, index.json.

struct IndexedAudit {
  std::string name;   ///< "hello-notes on debian-13 #2": printable
  std::string error;  ///< why there is no audit; else empty, and the rest holds
  int exit_code = 0;
  Outcome outcome;
  std::string reason;  ///< the first reason of the verdict, printable; empty: none
  SkillCoverage coverage;
  double seconds = 0;
  std::string bundle;  ///< folder, relative to the index
  std::optional<GitSource> source;
};

struct AuditIndex {
  std::vector<IndexedAudit> audits;  ///< worst first
  int exit_code = 0;                 ///< of the call
};

/// Sorts: REJECTED, not audited, INCONCLUSIVE, NEEDS REVIEW, APPROVED after fixing, APPROVED; then
/// by the worst finding, the overall score and the name.
[[nodiscard]] AuditIndex make_index(std::vector<IndexedAudit> audits, int exit_code);

/// What matters most of an audit: the error, the worst finding, else the reason. Text between
/// backticks is code.
struct Matter {
  std::optional<Severity> severity;  ///< of a finding
  std::string text;
};
[[nodiscard]] Matter matter_of(const IndexedAudit& audit);

/// "1 REJECTED, 1 not audited, 3 APPROVED".
[[nodiscard]] std::string counts_of(const AuditIndex& index);
/// "9 of 10 parts, 84 % of lines"; empty where the skill has no part that could run.
[[nodiscard]] std::string coverage_text(const IndexedAudit& audit);

/// One page without scripts or anything to load, as render_html() makes them.
[[nodiscard]] std::string render_index_html(const AuditIndex& index);
[[nodiscard]] std::string render_index_markdown(const AuditIndex& index);
/// For a program; ends in a newline:
///   schema_version, exit_code, audits[] {name, verdict, after_fixing, grade, overall, matter
///   {severity, text}, findings, coverage {ran, all, percent}, seconds, exit_code, error, bundle,
///   source {url, ref, commit, path}}
/// with the names and values of report.json; what an audit that was not made cannot have is null,
/// and error is null where there is none.
[[nodiscard]] std::string render_index_json(const AuditIndex& index);

}  // namespace skillaudit
