#include "harness/analysis/verdict.h"

#include <algorithm>

namespace skillaudit {

Grade grade_for(double overall, const Rubric& rubric) {
  for (std::size_t i = 0; i < rubric.least.size(); ++i) {
    if (overall >= rubric.least[i]) return static_cast<Grade>(i);
  }
  return Grade::F;
}

std::string_view title_of(Verdict verdict, bool after_fixing) {
  switch (verdict) {
    case Verdict::Approved:
      return after_fixing ? "APPROVED after fixing" : "APPROVED";
    case Verdict::NeedsReview:
      return "NEEDS REVIEW";
    case Verdict::Rejected:
      return "REJECTED";
    case Verdict::Inconclusive:
      return "INCONCLUSIVE";
  }
  return {};
}

int exit_code(const Assessment& assessment, const AskedResult& asked) {
  switch (assessment.verdict) {
    case Verdict::Approved: {
      const bool is_worse = asked.grade && (!assessment.grade || *assessment.grade > *asked.grade);
      const bool is_less = asked.coverage && !covers(assessment.coverage, *asked.coverage);
      return is_worse || is_less ? 1 : 0;
    }
    case Verdict::NeedsReview:
      return 1;
    case Verdict::Rejected:
      return 2;
    case Verdict::Inconclusive:
      return 3;
  }
  return 3;
}

int worst_exit_code(const std::vector<int>& codes) {
  const auto rank = [](int code) {
    switch (code) {
      case 0:
        return 0;
      case 1:
        return 1;
      case 3:
        return 2;
      case 2:
        return 3;
      default:
        return code + 4;
    }
  };
  const auto worst =
      std::max_element(codes.begin(), codes.end(), [&](int a, int b) { return rank(a) < rank(b); });
  return worst == codes.end() ? 0 : *worst;
}

}  // namespace skillaudit
