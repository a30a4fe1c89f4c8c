#pragma once

#include <string>

#include "reports/report_bundle.h"

namespace skillaudit {

/// What `run` prints on stdout after one audit: verdict, grade, scores, the most important findings
/// and the path of the report.
[[nodiscard]] std::string summary(const AuditResult& result);

}  // namespace skillaudit
