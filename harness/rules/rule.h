#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/rules/condition.h"
#include "harness/rules/effect_class.h"
#include "harness/rules/effect_kind.h"
#include "harness/rules/finding.h"

namespace skillaudit {

/// What the findings of a rule that code finds are about.
struct RuleEffect {
  Verb verb = Verb::Read;
  EffectKind object = EffectKind::File;
};

/// A rule: an entry of a file in reports/rules/, or of a team's file of the same form.
struct RubricRule {
  std::string id;  ///< "files.temp-left": its file, and what it finds
  Axis axis = Axis::Execution;
  Severity severity = Severity::Low;
  EffectClass effect_class = EffectClass::Ordinary;
  std::vector<ReportSection> sections;  ///< where reports show its findings; at least one
  double deduction = 0;                 ///< points for the first offender
  double per_item = 0;                  ///< points for each further one
  double maximum = 0;                   ///< the most that this rule takes in one audit
  bool needs_review = false;  ///< whatever its class: nothing came of what was to be judged
  Excuse excused_by = Excuse::None;
  std::string attack;           ///< technique of MITRE ATT&CK, "T1552.001"; empty: none
  std::string rationale;        ///< why it costs what it costs
  std::string source;           ///< where the rule comes from
  std::string title;            ///< template with {what}, {where}, {instead}
  std::string recommendation;   ///< the same; empty where another rule's recommendation covers it
  std::vector<Condition> when;  ///< any of them; none: only code finds it
  bool together = false;        ///< one finding for all that the conditions find
  /// What code finds: the verb and the object. A rule with conditions has those of its conditions;
  /// one about the quality of the skill has none.
  std::optional<RuleEffect> effect;
  std::string at;         ///< where it stands: "reports/rules/files.yaml:5:9"
  bool is_added = false;  ///< a team's, which skillaudit does not ship
};

}  // namespace skillaudit
