#pragma once

#include <string>

#include "harness/analysis/assessment.h"

namespace skillaudit {

/// The report for a person, as Markdown with the sections of the manual workflow. Text of the guest
/// is in code spans or escaped, so that it cannot become markup. Deterministic: the same
/// evidence and assessment give the same bytes. Throws Error{Environment} when the template is
/// missing.
[[nodiscard]] std::string render_markdown(const Evidence& evidence, const Assessment& assessment);

/// The report for a program: reports/schema/report.schema.json describes it. Ends in a newline.
/// Values that differ between runs of the same skill are under `timing`, `resources` and
/// `environment.started_at`, and in citations of the trace, as far as the harness decides.
[[nodiscard]] std::string render_json(const Evidence& evidence, const Assessment& assessment);

/// timeline.jsonl: one object a line, {t, kind, source, text}, in the order of time.
[[nodiscard]] std::string render_timeline(const Evidence& evidence, const Assessment& assessment);

/// "hello-notes: APPROVED, grade A (100.0), no findings": printable, without a newline.
[[nodiscard]] std::string one_line(const Evidence& evidence, const Assessment& assessment);

/// The report for a person, as one HTML page: no script, nothing loaded, a content security policy
/// that allows its own style alone. Bounded: what there is a million of is counted, and the most
/// telling few thousand are shown. Deterministic, as render_markdown() is. Throws as it does.
[[nodiscard]] std::string render_html(const Evidence& evidence, const Assessment& assessment);

}  // namespace skillaudit
