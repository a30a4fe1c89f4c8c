#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "harness/rules/finding.h"
#include "harness/rules/rule_id.h"

namespace skillaudit {

/// The kind of documentation that excuses an effect. None: it costs points even when documented.
enum class Excuse { None, Package, Host, Service, Path, Cron, Process };

/// One entry of `rules:` in the rubric.
struct RubricRule {
  Axis axis = Axis::Execution;
  Severity severity = Severity::Low;
  double deduction = 0;  ///< points for the first offender
  double per_item = 0;   ///< points for each further one
  double maximum = 0;    ///< the most that this rule takes in one audit
  bool rejects = false;  ///< a finding of this rule alone makes the verdict REJECTED
  Excuse excused_by = Excuse::None;
  std::string attack;          ///< technique of MITRE ATT&CK, "T1552.001"; empty: none
  std::string rationale;       ///< why it costs what it costs
  std::string source;          ///< where the rule comes from
  std::string title;           ///< template with {what}, {where}, {instead}
  std::string recommendation;  ///< the same; empty where another rule's recommendation covers it
};

/// What is published of how points are taken: reports/rubric.yaml and reports/rules/ as a value.
struct Rubric {
  std::array<double, 5> weights{};  ///< by Axis; their sum is 1
  std::array<double, 4> least{};    ///< the least overall score for A, B, C, D
  Grade cap_security_critical = Grade::F;
  Grade cap_security_high = Grade::C;
  int runaway_processes = 0;  ///< from this many left processes on, they are a runaway
  std::array<RubricRule, kRuleCount> rules;

  [[nodiscard]] const RubricRule& rule(RuleId id) const {
    return rules[static_cast<std::size_t>(id)];
  }
};

/// A data file: what messages call it, and what stands in it.
struct RuleFile {
  std::string name;  ///< "reports/rules/files.yaml"
  std::string text;
};

/// Reads a rubric strictly: `rubric` has the axes, grades, caps and limits, `rules` the rules, a
/// file for each area. Throws Error{Usage} "FILE:LINE:COLUMN: …" for broken YAML, an unknown or
/// missing key, axis or severity, a number out of range, a template with an unknown placeholder, a
/// rule that is missing, unknown, there twice, or in another file than its area's.
[[nodiscard]] Rubric load_rubric(const RuleFile& rubric, const std::vector<RuleFile>& rules);

/// reports/rubric.yaml.
[[nodiscard]] RuleFile shipped_rubric_file();
/// reports/rules/*.yaml, by name.
[[nodiscard]] std::vector<RuleFile> shipped_rule_files();
/// The rubric that ships with skillaudit. Throws as load_rubric() and resource() do.
[[nodiscard]] Rubric shipped_rubric();

}  // namespace skillaudit
