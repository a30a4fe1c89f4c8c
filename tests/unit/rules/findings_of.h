#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/analysis/evidence_builder.h"

namespace skillaudit::testing {

/// "rule SEVERITY" of each finding.
inline std::vector<std::string> found(const AuditBuilder& audit) {
  std::vector<std::string> rules;
  for (const Finding& finding : audit.assessed().findings)
    rules.push_back(finding.rule + " " + std::string(name_of(finding.severity)));
  return rules;
}

inline Finding first(const AuditBuilder& audit, const std::string& rule) {
  for (const Finding& finding : audit.assessed().findings)
    if (finding.rule == rule) return finding;
  ADD_FAILURE() << "no finding of " << rule;
  return {};
}

}  // namespace skillaudit::testing
