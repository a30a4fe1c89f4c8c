#pragma once

#include <string>

#include "harness/analysis/assessment.h"
#include "harness/evidence/evidence.h"
#include "harness/gate/gate.h"

namespace skillaudit {

// Reports for CI systems. Each is a pure function of the audit and of what the gate says about it
// (null: no gate was asked). With a gate, accepted findings are shown as accepted, what is new
// since the baseline as new, and severities are those of the policy. What the guest or the skill
// wrote cannot become markup or a command.

/// Where in a repository the audited skill is.
struct CiPlace {
  /// The skill's folder, as bytes: "skills/notes", "." for the repository itself. Empty: unknown,
  /// and places are relative to the skill's own folder.
  std::string folder;
  /// Of SARIF: results replace those of the same category, and no two runs of one analysis may
  /// share one (GitHub). Empty: the skill's name.
  std::string category;
};

/// JUnit XML with one <testsuite>, named after the skill, in the dialect that Jenkins and GitLab
/// read. Test cases: "verdict", "gate" where there is one, "evidence is whole", and one for each
/// finding. An audit that passes has no failure: its findings are passed cases that tell of
/// themselves in <system-out>. One that does not pass has a failure, and one whose evidence is not
/// whole an error, whatever else there is.
[[nodiscard]] std::string render_junit(const Evidence& evidence, const Assessment& assessment,
                                       const GateResult* gate = nullptr, const CiPlace& place = {});

/// SARIF 2.1.0 (errata 01) with one run, as GitHub's code scanning and other viewers read it.
/// The run tells of every rule that was in force.
[[nodiscard]] std::string render_sarif(const Evidence& evidence, const Assessment& assessment,
                                       const GateResult* gate = nullptr, const CiPlace& place = {});

/// GitHub drops a step's summary of more than 1 MiB as a whole.
inline constexpr std::size_t kMostSummary = 900 << 10;

/// Markdown for $GITHUB_STEP_SUMMARY, at most kMostSummary bytes. Ends in a blank line, so that
/// several can be appended to each other.
[[nodiscard]] std::string render_github_summary(const Evidence& evidence,
                                                const Assessment& assessment,
                                                const GateResult* gate = nullptr,
                                                const CiPlace& place = {});

/// Workflow commands, one a line: "::error file=skills/notes/SKILL.md,line=12,title=…::…". The
/// worst first, and no more of a level than GitHub shows of a step; how many are left out is said.
[[nodiscard]] std::string render_github_annotations(const Evidence& evidence,
                                                    const Assessment& assessment,
                                                    const GateResult* gate = nullptr,
                                                    const CiPlace& place = {});

}  // namespace skillaudit
