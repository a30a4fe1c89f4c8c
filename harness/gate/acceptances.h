#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/analysis/assessment.h"
#include "harness/rules/rubric.h"

namespace skillaudit {

/// A finding that a person reviewed and accepted: an entry of skillaudit-accept.yaml, a file of
/// the maintainers of the gate, never of the skill.
///
///   schema_version: 1
///   accept:
///     - rule: network.unexpected-host
///       skill: notes                       # only this skill; without it every one
///       what: https://api.example.org      # only this offender (* and ? as in a shell)
///       reason: "asks for the weather; reviewed in #17"
///       expires: 2027-01-31                # the last day on which it holds
struct Acceptance {
  std::string rule;
  std::string skill;    ///< empty: every skill
  std::string what;     ///< glob over a finding's subjects; empty: every offender of the rule
  std::string reason;   ///< never empty
  std::string expires;  ///< "2027-01-31"
  int line = 0;         ///< in its file, 1-based
};

struct Acceptances {
  std::string file;  ///< as messages call it
  std::vector<Acceptance> entries;
};

/// Throws Error{Usage} "FILE:LINE:COLUMN: …" for broken YAML, unknown keys, an unknown rule (with
/// the closest known one), a missing reason, an invalid date.
[[nodiscard]] Acceptances load_acceptances(std::string_view text, std::string_view file,
                                           const Rubric& rubric);

/// Whether the entry speaks of the finding, its date aside. A pattern in `what` must hold for every
/// offender that the finding names, and the finding must name all of its offenders: "and 7 more"
/// may be anything.
[[nodiscard]] bool speaks_of(const Acceptance& entry, const Finding& finding,
                             std::string_view skill);

/// `today` is after the entry's last day; both as "2026-11-22".
[[nodiscard]] bool is_expired(const Acceptance& entry, std::string_view today);

}  // namespace skillaudit
