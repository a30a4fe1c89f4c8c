#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/changes/changes.h"
#include "harness/evidence/source.h"
#include "harness/rules/section.h"

namespace skillaudit {

enum class Axis { Execution, Cleanliness, Security, Portability, Documentation };
inline constexpr std::array kAxes = {Axis::Execution, Axis::Cleanliness, Axis::Security,
                                     Axis::Portability, Axis::Documentation};
enum class Severity { Low, Medium, High, Critical };
enum class Grade { A, B, C, D, F };
enum class Verdict { Approved, NeedsReview, Rejected, Inconclusive };

/// "execution", "HIGH", "B", "NEEDS_REVIEW": as they stand in report.json.
std::string_view name_of(Axis);
std::string_view name_of(Severity);
std::string_view name_of(Grade);
std::string_view name_of(Verdict);
std::optional<Grade> grade_from_name(std::string_view);

/// What in the bundle proves a finding.
struct Citation {
  Source source;
  std::string text;  ///< what stands there, shortened and printable
};

struct Finding {
  std::string rule;  ///< id in reports/rules/: "network.unexpected-host"
  Axis axis = Axis::Execution;
  Severity severity = Severity::Low;
  std::string title;                  ///< one sentence that names the offender
  std::vector<std::string> subjects;  ///< the offenders by name, printable: "/tmp/x", "https://h"
  std::size_t unnamed = 0;            ///< offenders beside those in `subjects`
  std::vector<Citation> evidence;     ///< never empty
  std::string
      recommendation;    ///< what the author should do; empty where another finding's covers it
  double deduction = 0;  ///< points taken from the axis
  std::string attack;    ///< technique of MITRE ATT&CK, "T1552.001"; empty: none
  std::vector<ReportSection> sections = {};  ///< of a report: RubricRule::sections
  [[nodiscard]] bool is_in(ReportSection section) const {
    return std::find(sections.begin(), sections.end(), section) != sections.end();
  }
};

struct Recommendation {
  Severity severity = Severity::Low;
  std::string text;
};

/// What an audit comes to. A pure function of the evidence and the rubric.
struct Assessment {
  Changes changes;
  std::vector<Finding> findings;                ///< by severity, worst first, then rule, then title
  std::vector<Recommendation> recommendations;  ///< one for each distinct text, worst first
  std::array<std::optional<double>, 5> scores;  ///< by Axis, 0 to 100; none: not assessed
  std::optional<double> overall;                ///< one decimal; none when an axis was not assessed
  std::optional<Grade> grade;
  Verdict verdict = Verdict::Inconclusive;
  bool after_fixing = false;         ///< APPROVED, with CRITICAL or HIGH recommendations open
  std::vector<std::string> reasons;  ///< why this verdict: caps applied, gaps
};

}  // namespace skillaudit
