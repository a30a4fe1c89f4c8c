#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/gate/acceptances.h"
#include "harness/gate/policy.h"
#include "harness/gate/release.h"
#include "harness/rules/rubric.h"

namespace skillaudit {

/// What the gate makes of a finding.
enum class Standing {
  Counts,
  Accepted,  ///< by an entry of skillaudit-accept.yaml
  Off,       ///< the policy has its rule switched off
  Allowed,   ///< it is about hosts alone that the policy allows
};
[[nodiscard]] std::string_view name_of(Standing);  ///< "counts", …

struct GateFinding {
  std::string rule;   ///< as in Finding
  std::string title;  ///< as in Finding
  Standing standing = Standing::Counts;
  Severity severity = Severity::Low;  ///< in force here: the policy may have raised or lowered it
  std::string reason;   ///< why it was accepted or its rule changed, printable; empty: neither
  std::string until;    ///< of the acceptance, "2027-01-31"; empty: none
  bool is_new = false;  ///< the baseline does not have it; false without a baseline
};

/// What the gate says of one audit.
struct GateResult {
  std::string skill;
  bool passed = false;
  int exit_code = 1;  ///< 0 passed, else as of `run` for the verdict in force, at least 1
  /// With what was accepted and switched off left out, and the policy's severities.
  Outcome in_force;
  std::vector<GateFinding> findings;  ///< one for each of Assessment::findings, in that order
  std::vector<std::string> failures;  ///< why it did not pass: sentences, printable
  std::vector<std::string> reasons;   ///< of the verdict in force, as in Assessment
  std::vector<std::string> notes;     ///< news that are not refused, what the baseline cannot tell
  std::vector<std::size_t> used;      ///< of the acceptances: those that took a finding out
  std::optional<ReleaseDiff> since;   ///< the baseline
  std::vector<AddedRules> added;      ///< a team's files of rules that were in force
};

/// What a gate goes by. Whatever is not given asks nothing.
struct GateRules {
  GatePolicy policy;
  Acceptances accepted;
  std::optional<Release> baseline;
  std::string today;  ///< "2026-11-22"
};

/// A pure function. Missing evidence stays missing: an acceptance takes a finding out of the count,
/// never a gap.
[[nodiscard]] GateResult pass_gate(const Evidence& evidence, const Assessment& assessment,
                                   const Rubric& rubric, const GateRules& rules);

/// What to change in the acceptance file after these audits: sentences that name
/// FILE:LINE of each that expired, and of each that no finding of theirs wanted. Entries for skills
/// that are not among them are left alone.
[[nodiscard]] std::vector<std::string> stale_acceptances(const Acceptances& accepted,
                                                         const std::vector<GateResult>& results,
                                                         std::string_view today);

}  // namespace skillaudit
