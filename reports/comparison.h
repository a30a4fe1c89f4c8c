#pragma once

#include <string>
#include <vector>

#include "harness/analysis/outcome.h"

namespace skillaudit {

/// One skill audited on several operating systems.

struct SystemOutcome {
  std::string os;      ///< as given to --os: "debian-13"
  std::string system;  ///< "Debian GNU/Linux 13 (trixie)"; empty when the audit was not made
  std::string bundle;  ///< folder, relative to where the comparison is kept
  std::string error;   ///< why there is no audit; else empty, and the rest holds
  Outcome outcome;
};

struct ComparedFinding {
  OutcomeFinding finding;       ///< as the first system has it
  std::vector<std::size_t> on;  ///< numbers of the systems that have it, ascending
};

struct Comparison {
  std::string skill;
  std::vector<SystemOutcome> systems;     ///< in the order given
  std::vector<ComparedFinding> findings;  ///< each once, in the order of the systems' reports
  /// Whether each system was audited and all came to the same.
  bool same = false;
};

[[nodiscard]] Comparison compare_systems(std::string skill, std::vector<SystemOutcome> systems);

/// Whether every system that was audited has the finding.
[[nodiscard]] bool is_shared(const Comparison& comparison, const ComparedFinding& finding);

/// comparison.md, for a person. Deterministic, as the reports are.
[[nodiscard]] std::string render_comparison_markdown(const Comparison& comparison);
/// comparison.json, for a program; ends in a newline:
///   schema_version, skill, same, systems[] {os, system, bundle, error, verdict, after_fixing,
///   grade, overall, scores{}}, findings[] {rule, axis, severity, title, on[]}
/// with the names and values of report.json; verdict and what follows are null where there is an
/// error, and error is null where there is none.
[[nodiscard]] std::string render_comparison_json(const Comparison& comparison);

}  // namespace skillaudit
