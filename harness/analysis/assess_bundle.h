#pragma once

#include <filesystem>
#include <string>

#include "harness/analysis/assessment.h"
#include "harness/bundle/read.h"
#include "harness/evidence/evidence.h"

namespace skillaudit {

struct AuditResult {
  std::filesystem::path bundle;
  Evidence evidence;
  Assessment assessment;
  std::string kept;          ///< the VM's name, where it was kept
  std::string kept_problem;  ///< why it was not, although it was to be
};

/// Grades a bundle again, without a VM. Writes nothing.
[[nodiscard]] AuditResult assess_bundle(const std::filesystem::path& bundle, const Rubric& rubric,
                                        ParsedSnapshots parsed = {});

}  // namespace skillaudit
