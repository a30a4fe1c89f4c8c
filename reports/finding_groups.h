#pragma once

#include <string>
#include <vector>

#include "harness/analysis/assessment.h"

namespace skillaudit {

/// Findings that are alike: of one rule, with one severity. Reports show the first, how many there
/// are, and the others where it is opened.
struct FindingGroup {
  std::vector<const Finding*> findings;  ///< never empty, in their order
  double deduction = 0;                  ///< of all of them
  [[nodiscard]] const Finding& first() const { return *findings.front(); }
  [[nodiscard]] std::size_t others() const { return findings.size() - 1; }
};

/// In the order of their first ones: worst first.
[[nodiscard]] std::vector<FindingGroup> grouped(const std::vector<Finding>& findings);

/// The title of the first, and how many more there are: "…, and 11 more like it".
[[nodiscard]] std::string title_of(const FindingGroup& group);

}  // namespace skillaudit
