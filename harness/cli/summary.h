#pragma once

#include <string>

#include "reports/report_bundle.h"

namespace skillaudit {

/// What a person reads on stdout after one audit: verdict, grade, scores, the findings that count
/// and where the report is. A few lines; the report has the rest.
[[nodiscard]] std::string summary(const AuditResult& result);

}  // namespace skillaudit
