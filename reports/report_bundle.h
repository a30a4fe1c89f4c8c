#pragma once

#include "harness/analysis/assess_bundle.h"

namespace skillaudit {

/// Renders report.md, report.html, report.json and the timeline into the bundle, all at once: each
/// reads the same evidence alone. Throws what the first of them throws, after all have ended.
void write_reports(const std::filesystem::path& bundle, const Evidence& evidence,
                   const Assessment& assessment);

/// Grades and renders a bundle again, without a VM: the rendered files (report.html, report.md,
/// report.json and the timeline) are written anew.
[[nodiscard]] AuditResult report_bundle(const std::filesystem::path& bundle, const Rubric& rubric,
                                        ParsedSnapshots parsed = {});

}  // namespace skillaudit
