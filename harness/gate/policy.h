#pragma once

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/effects/capabilities.h"
#include "harness/rules/rubric.h"

namespace skillaudit {

/// A rule as a gate wants it.
struct RuleChange {
  std::string rule;                  ///< its id
  std::optional<Severity> severity;  ///< none: the rule is off
  std::string reason;                ///< never empty
  int line = 0;
};

/// What a release must be to pass: skillaudit-gate.yaml.
///
///   schema_version: 1
///   verdicts: [APPROVED]         # that pass; default: APPROVED alone
///   grade: B                     # the least
///   scores: {overall: 85, security: 100}
///   coverage: 80                 # percent of the lines that must have run
///   fail_from: HIGH              # a finding of this severity or above fails, on any axis
///   hosts: [api.example.org, "*.example.com"]   # any other that the skill addresses fails
///   capabilities: {persistence: [], reads: ["~/.ssh/config"]}  # any other of the kind fails
///   fail_on_new: [hosts, packages, persistence, listeners, privileges, findings, scores]
///   rules:
///     - {rule: files.temp-left, severity: HIGH, reason: "our runners are shared"}
///     - {rule: documentation.format, off: true, reason: "we have a linter for it"}
struct GatePolicy {
  std::string file;  ///< as messages call it; empty: the default
  std::set<Verdict> verdicts = {Verdict::Approved};
  std::optional<Grade> grade;
  std::optional<double> overall;
  std::array<std::optional<double>, 5> scores{};  ///< by Axis
  std::optional<double> coverage;  ///< percent of lines; lines that were not measured fail
  std::optional<Severity> fail_from;
  /// Host names, `*.` for every name below; a port only where it is not the usual one. None: hosts
  /// are not looked at. Empty: no host at all.
  std::optional<std::vector<std::string>> hosts;
  /// Of these kinds, globs for what a skill may do; any other fails.
  std::map<CapabilityKind, std::vector<std::string>> capabilities;
  /// Kinds of what is new since the baseline that fail. None: all of them but `runs`.
  std::optional<std::set<std::string>> fail_on_new;
  std::vector<RuleChange> rules;
};

/// Throws Error{Usage} "FILE:LINE:COLUMN: …" for broken YAML, an unknown key, rule, verdict, grade
/// or kind (with the nearest known one), a change of a rule without a reason.
[[nodiscard]] GatePolicy load_gate_policy(std::string_view text, std::string_view file,
                                          const Rubric& rubric);

/// The kinds that `fail_on_new` and --fail-on-new know.
[[nodiscard]] const std::vector<std::string>& kinds_of_news();

}  // namespace skillaudit
