#pragma once

#include "harness/analysis/assess_bundle.h"

namespace skillaudit {

/// Grades and renders a bundle again, without a VM: the rendered files (report.html, report.md,
/// report.json and the timeline) are written anew.
[[nodiscard]] AuditResult report_bundle(const std::filesystem::path& bundle, const Rubric& rubric,
                                        ParsedSnapshots parsed = {});

}  // namespace skillaudit
