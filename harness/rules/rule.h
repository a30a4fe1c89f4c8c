#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "harness/rules/condition.h"
#include "harness/rules/finding.h"

namespace skillaudit {

/// What kind of effect a rule is about, by what a person would have to agree to. It takes no part
/// in a verdict yet.
enum class EffectClass {
  Ordinary,   ///< own output, quality of the work
  Litter,     ///< left-overs, packages from the machine's own sources
  Lasting,    ///< goes on or comes back
  Exposing,   ///< may give data or access to others
  Damage,     ///< what was there before is gone or changed
  Harm,       ///< secrets, rights, other programs
  Tampering,  ///< with who watches, logs, the clock, the disk
};
inline constexpr std::array kEffectClasses = {
    EffectClass::Ordinary, EffectClass::Litter, EffectClass::Lasting,  EffectClass::Exposing,
    EffectClass::Damage,   EffectClass::Harm,   EffectClass::Tampering};
[[nodiscard]] std::string_view name_of(EffectClass);  ///< "lasting"

/// A rule: an entry of a file in reports/rules/.
struct RubricRule {
  std::string id;  ///< "files.temp-left": its file, and what it finds
  Axis axis = Axis::Execution;
  Severity severity = Severity::Low;
  EffectClass effect_class = EffectClass::Ordinary;
  std::vector<ReportSection> sections;  ///< where reports show its findings; at least one
  double deduction = 0;                 ///< points for the first offender
  double per_item = 0;                  ///< points for each further one
  double maximum = 0;                   ///< the most that this rule takes in one audit
  bool rejects = false;                 ///< a finding of this rule alone makes the verdict REJECTED
  Excuse excused_by = Excuse::None;
  std::string attack;           ///< technique of MITRE ATT&CK, "T1552.001"; empty: none
  std::string rationale;        ///< why it costs what it costs
  std::string source;           ///< where the rule comes from
  std::string title;            ///< template with {what}, {where}, {instead}
  std::string recommendation;   ///< the same; empty where another rule's recommendation covers it
  std::vector<Condition> when;  ///< any of them; none: only code finds it
  bool together = false;        ///< one finding for all that the conditions find
};

}  // namespace skillaudit
