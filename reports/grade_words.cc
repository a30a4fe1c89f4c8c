#include "reports/grade_words.h"

#include <fmt/core.h>

#include <optional>

namespace skillaudit {
namespace {

std::string words(Verdict verdict, const std::optional<Grade>& grade,
                  const std::optional<double>& overall) {
  if (verdict == Verdict::Inconclusive) return {};
  std::string text = grade ? fmt::format("grade {}", name_of(*grade)) : std::string();
  if (overall && shows_overall(verdict)) text += fmt::format(" ({:.1f})", *overall);
  return text;
}

}  // namespace

bool shows_overall(Verdict verdict) { return verdict == Verdict::Approved; }

std::string grade_in_words(const Outcome& outcome) {
  return words(outcome.verdict, outcome.grade, outcome.overall);
}

std::string grade_in_words(const Assessment& assessment) {
  return words(assessment.verdict, assessment.grade, assessment.overall);
}

std::string_view meaning_of_scores(Verdict verdict) {
  switch (verdict) {
    case Verdict::Approved:
      return "How good the work is, by axis, out of 100. Each finding says what it costs.";
    case Verdict::NeedsReview:
      return "How good the work is, by axis. No score takes part in the verdict, and beside NEEDS "
             "REVIEW no grade is better than C.";
    case Verdict::Rejected:
      return "How good the work is, by axis. No score takes part in the verdict: the skill is "
             "rejected for what it did, and its grade is F whatever the scores.";
    case Verdict::Inconclusive:
      return "How good the part is that was seen, by axis. Evidence is missing, so it is not a "
             "pass.";
  }
  return {};
}

}  // namespace skillaudit
