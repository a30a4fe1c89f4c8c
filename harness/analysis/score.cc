#include "harness/analysis/score.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "harness/analysis/effect_verdict.h"
#include "harness/analysis/gaps.h"
#include "harness/analysis/verdict.h"
#include "harness/base/text.h"
#include "harness/evidence/runner_names.h"

namespace skillaudit {
namespace {

constexpr std::size_t index_of(Axis axis) { return static_cast<std::size_t>(axis); }

std::vector<Recommendation> recommendations_of(const std::vector<Finding>& findings) {
  std::vector<Recommendation> recommendations;
  std::set<std::string_view> seen;
  for (const Finding& finding : findings) {
    if (finding.recommendation.empty() || !seen.insert(finding.recommendation).second) continue;
    recommendations.push_back({finding.severity, finding.recommendation});
  }
  return recommendations;
}

bool any_step_ran(const Execution& execution) {
  return std::any_of(execution.steps.begin(), execution.steps.end(),
                     [](const Step& step) { return step.ran; });
}

/// Whether the evidence holds what the axis is judged by.
bool is_observed(Axis axis, const Evidence& evidence) {
  switch (axis) {
    case Axis::Execution:
      return any_step_ran(evidence.execution) || evidence.execution.runner == kWordsOnly;
    case Axis::Cleanliness:
    case Axis::Security:
      return !evidence.before.files.empty() && !evidence.after.files.empty();
    case Axis::Portability:
    case Axis::Documentation:
      return !evidence.skill.texts.empty();
  }
  return false;
}

void score(Assessment& assessment, const Evidence& evidence, const Rubric& rubric) {
  std::array<double, 5> points{};
  for (const Finding& finding : assessment.findings) {
    points[index_of(finding.axis)] += finding.deduction;
  }
  double overall = 0;
  bool whole = true;
  for (const Axis axis : kAxes) {
    if (!is_observed(axis, evidence)) {
      whole = false;
      continue;
    }
    const double value = std::max(0.0, 100.0 - points[index_of(axis)]);
    assessment.scores[index_of(axis)] = value;
    overall += value * rubric.weights[index_of(axis)];
  }
  // Cut, not rounded; the small term takes back what binary fractions lose of 90.0.
  if (whole) assessment.overall = std::floor(overall * 10 + 1e-6) / 10;
}

std::vector<std::string> missing_evidence(const Assessment& assessment, const Evidence& evidence) {
  std::vector<std::string> missing;
  const auto add = [&](std::string_view what, std::string_view text) {
    missing.push_back(fmt::format("{}{}", what, shorten(printable(text), 300)));
  };
  for (const Gap& gap : evidence.gaps) add("evidence is missing: ", gap.text);
  for (const Gap& gap : assessment.unexercised) add("evidence is missing: ", gap.text);
  for (const auto& [what, snapshot] :
       {std::pair("before", &evidence.before), std::pair("after", &evidence.after)}) {
    if (is_uncaptured(*snapshot))
      add("evidence is missing: ", fmt::format("the state {} the run was not captured", what));
    else
      for (const Gap& gap : snapshot->gaps)
        add(fmt::format("evidence is missing {} the run: ", what), gap.text);
  }
  if (!evidence.execution.aborted.empty()) {
    add("the run was cut short: ", evidence.execution.aborted);
  }
  for (const Axis axis : kAxes) {
    if (!assessment.scores[index_of(axis)]) {
      missing.push_back(fmt::format("{} was not observed{}", name_of(axis),
                                    axis == Axis::Execution ? ": no step ran" : ""));
    }
  }
  return missing;
}

/// Whether nothing is missing but what did not run.
bool saw_all_that_ran(const Assessment& assessment, const Evidence& evidence) {
  const auto did_not_run = [](const Gap& gap) {
    return gap.kind == GapKind::NotExercised && gap.source == GapSource::Execution;
  };
  const auto whole = [](const Snapshot& snapshot) {
    return !is_uncaptured(snapshot) && snapshot.gaps.empty();
  };
  return std::all_of(evidence.gaps.begin(), evidence.gaps.end(), did_not_run) &&
         whole(evidence.before) && whole(evidence.after) && evidence.execution.aborted.empty() &&
         std::all_of(assessment.scores.begin(), assessment.scores.end(),
                     [](const std::optional<double>& score) { return score.has_value(); });
}

std::string why(const Finding& finding, const RubricRule& rule, Verdict verdict) {
  const std::string_view does =
      verdict == Verdict::Rejected ? "rejects the skill" : "needs a review";
  if (verdict_of(rule.effect_class, finding.severity, finding.named) == Verdict::Approved)
    return fmt::format("{} {}", finding.rule, does);
  const std::string documented = finding.named == ConsentExtent::None
                                     ? "undocumented"
                                     : fmt::format("documented {}", name_of(finding.named));
  return fmt::format("{} {}: {}, {}", finding.rule, does, name_of(rule.effect_class), documented);
}

/// The worst that a finding alone makes of the verdict. No score takes part.
Verdict verdict_of_findings(Assessment& assessment, const Rubric& rubric) {
  Verdict worst = Verdict::Approved;
  for (const Finding& finding : assessment.findings) {
    const RubricRule& rule = rubric.rule(finding.rule);
    const Verdict verdict = verdict_of(finding, rule);
    if (verdict == Verdict::Approved) continue;
    worst = std::max(worst, verdict);  // Approved < NeedsReview < Rejected
    std::string reason = why(finding, rule, verdict);
    if (std::find(assessment.reasons.begin(), assessment.reasons.end(), reason) ==
        assessment.reasons.end())
      assessment.reasons.push_back(std::move(reason));
  }
  return worst;
}

void decide(Assessment& assessment, const Evidence& evidence, const Rubric& rubric) {
  const Verdict by_effects = verdict_of_findings(assessment, rubric);
  std::optional<Grade> cap;
  if (by_effects == Verdict::Rejected) cap = rubric.cap_rejected;
  if (by_effects == Verdict::NeedsReview) cap = rubric.cap_needs_review;
  if (assessment.overall) assessment.grade = grade_for(*assessment.overall, rubric);
  if (assessment.grade && cap) assessment.grade = std::max(*assessment.grade, *cap);
  // What rejects needs no whole evidence, and neither does the grade that says so.
  if (by_effects == Verdict::Rejected) assessment.grade = rubric.cap_rejected;

  std::vector<std::string> missing = missing_evidence(assessment, evidence);
  std::set<std::string_view> said;
  for (std::string& each : missing)
    if (said.insert(each).second) assessment.reasons.push_back(each);
  // A part that did not run takes nothing from what was seen of the others: it only keeps the skill
  // from being approved.
  const bool decided = by_effects == Verdict::Rejected || (by_effects == Verdict::NeedsReview &&
                                                           saw_all_that_ran(assessment, evidence));
  assessment.verdict = !decided && !missing.empty() ? Verdict::Inconclusive : by_effects;
  if (assessment.verdict == Verdict::Approved)
    assessment.after_fixing =
        std::any_of(assessment.recommendations.begin(), assessment.recommendations.end(),
                    [](const Recommendation& each) { return each.severity >= Severity::High; });
  // What is not decided has no grade to speak of.
  if (assessment.grade && assessment.overall && !cap &&
      assessment.verdict != Verdict::Inconclusive) {
    assessment.reasons.push_back(fmt::format("the overall score {:.1f} is grade {}",
                                             *assessment.overall, name_of(*assessment.grade)));
  }
}

}  // namespace

void judge(Assessment& assessment, const Evidence& evidence, const Rubric& rubric) {
  assessment.scores = {};
  assessment.overall.reset();
  assessment.grade.reset();
  assessment.after_fixing = false;
  assessment.reasons.clear();
  assessment.recommendations = recommendations_of(assessment.findings);
  score(assessment, evidence, rubric);
  decide(assessment, evidence, rubric);
}

}  // namespace skillaudit
