#include "harness/analysis/assessment.h"

namespace skillaudit {

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::Approved:
      return "APPROVED";
    case Verdict::NeedsReview:
      return "NEEDS_REVIEW";
    case Verdict::Rejected:
      return "REJECTED";
    case Verdict::Inconclusive:
      return "INCONCLUSIVE";
  }
  return "";
}

}  // namespace skillaudit
