#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/changes/changes.h"
#include "harness/evidence/coverage.h"
#include "harness/evidence/step_end.h"
#include "harness/rules/finding.h"

namespace skillaudit {

struct Rubric;

enum class Verdict { Approved, NeedsReview, Rejected, Inconclusive };
/// "NEEDS_REVIEW": as it stands in report.json.
std::string_view name_of(Verdict);

struct Recommendation {
  Severity severity = Severity::Low;
  std::string text;
};

/// What an audit comes to. A pure function of the evidence and the rubric.
struct Assessment {
  Changes changes;
  std::vector<StepEnd> ends;                    ///< one for each step: why it ended
  SkillCoverage coverage;                       ///< which units ran, and which of their lines
  std::vector<Gap> unexercised;                 ///< steps that came to nothing, by nobody's fault
  std::vector<Finding> findings;                ///< by severity, worst first, then rule, then title
  std::vector<ConsentedEffect> consented;       ///< what the skill asks for; by rule, verb, object
  std::vector<Recommendation> recommendations;  ///< one for each distinct text, worst first
  std::array<std::optional<double>, 5> scores;  ///< by Axis, 0 to 100; none: not assessed
  std::optional<double> overall;                ///< one decimal; none when an axis was not assessed
  std::optional<Grade> grade;
  Verdict verdict = Verdict::Inconclusive;
  bool after_fixing = false;         ///< APPROVED, with CRITICAL or HIGH recommendations open
  std::vector<std::string> reasons;  ///< why this verdict: caps applied, gaps
  /// By which it was assessed. Whatever needs the rules later takes them from here, so that all of
  /// it goes by the same ones. Null: nothing was assessed yet.
  std::shared_ptr<const Rubric> rubric;
};

}  // namespace skillaudit
