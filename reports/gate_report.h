#pragma once

#include <string>
#include <vector>

#include "harness/gate/gate.h"

namespace skillaudit {

/// What a gate said of one audit, for a person: whether it passed, why not, what was accepted. Ends
/// in a newline; printable but for these.
[[nodiscard]] std::string render_gate_text(const GateResult& result);

/// What a gate said of all audits, for a program; ends in a newline:
///   schema_version, passed, stale_acceptances[],
///   audits[] {skill, passed, exit_code, verdict, grade, overall, scores{}, failures[], reasons[],
///   notes[], added_rules[] {file, sha256, rules},
///             findings[] {rule, title, standing, severity, reason, until, is_new}, since}
/// verdict to scores are those in force, with what was accepted left out. `since` is null without a
/// baseline, else as render_release_diff_json() has it.
[[nodiscard]] std::string render_gate_json(const std::vector<GateResult>& results,
                                           const std::vector<std::string>& stale_acceptances);

/// Two releases of a skill compared, for a person: on a terminal, or as Markdown.
[[nodiscard]] std::string render_release_diff_text(const ReleaseDiff& diff);
[[nodiscard]] std::string render_release_diff_markdown(const ReleaseDiff& diff);
/// {before {sha256, started_at, verdict, grade, overall}, after {…}, added[] {kind, name}, gone[],
/// scores[] {axis, before, after}}; ends in a newline.
[[nodiscard]] std::string render_release_diff_json(const ReleaseDiff& diff);

}  // namespace skillaudit
