#pragma once

#include <string>
#include <string_view>

#include "harness/rules/rubric.h"

namespace skillaudit {

/// What the rubric says of one rule, for people. All end in a newline.

/// For a terminal: `skillaudit explain RULE`.
[[nodiscard]] std::string render_rule_text(const RubricRule& rule);
/// docs/rules/ID.md.
[[nodiscard]] std::string render_rule_markdown(const RubricRule& rule);

/// What replaces a rule if evidence is missing: not a finding, so that nothing of the
/// rubric is about it, and the id under which SARIF tells of it.
inline constexpr std::string_view kInconclusiveRule = "audit.inconclusive";
[[nodiscard]] std::string render_inconclusive_text();
[[nodiscard]] std::string render_inconclusive_markdown();

/// All rules by axis, worst first: `skillaudit explain`, and docs/rules/README.md with links.
[[nodiscard]] std::string render_rules_text(const Rubric& rubric);
[[nodiscard]] std::string render_rules_markdown(const Rubric& rubric);

}  // namespace skillaudit
