#include "reports/gated.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/analysis/gaps.h"
#include "harness/analysis/verdict.h"
#include "harness/base/text.h"
#include "reports/overview.h"

namespace skillaudit {

GatedAudit gated(const Assessment& assessment, const GateResult* gate) {
  GatedAudit audit{
      .passes = gate != nullptr ? gate->passed : assessment.verdict == Verdict::Approved,
      .exit_code = gate != nullptr ? gate->exit_code : exit_code(assessment, {}),
      .in_force = gate != nullptr ? gate->in_force : outcome_of(assessment)};
  for (std::size_t i = 0; i < assessment.findings.size(); ++i) {
    const Finding& finding = assessment.findings[i];
    audit.findings.push_back({&finding, gate != nullptr
                                            ? gate->findings.at(i)
                                            : GateFinding{.severity = finding.severity}});
  }
  return audit;
}

std::vector<GatedFinding> counting(const GatedAudit& audit) {
  std::vector<GatedFinding> findings;
  for (const GatedFinding& each : audit.findings)
    if (each.gate.standing == Standing::Counts) findings.push_back(each);
  std::stable_sort(findings.begin(), findings.end(),
                   [](const GatedFinding& one, const GatedFinding& other) {
                     return one.gate.severity > other.gate.severity;
                   });
  return findings;
}

std::string why_set_aside(const GateFinding& finding) {
  std::string text;
  switch (finding.standing) {
    case Standing::Counts:
      return {};
    case Standing::Accepted:
      text = finding.until.empty() ? "accepted" : "accepted until " + finding.until;
      break;
    case Standing::Off:
      text = "disabled by the policy";
      break;
    case Standing::Allowed:
      text = "about hosts that the policy allows";
      break;
  }
  return finding.reason.empty() ? text : text + ": " + finding.reason;
}

std::vector<std::string> missing_evidence(const Evidence& evidence, const Assessment& assessment) {
  std::vector<std::string> missing;
  for (Gap& gap : all_gaps(evidence, assessment)) missing.push_back(std::move(gap.text));
  for (const Axis axis : kAxes)
    if (!assessment.scores[static_cast<std::size_t>(axis)])
      missing.push_back(fmt::format("{} could not be observed", name_of(axis)));
  // An audit may be inconclusive for a reason that only its judge knows.
  if (missing.empty() && assessment.verdict == Verdict::Inconclusive) missing = assessment.reasons;
  if (missing.empty() && assessment.verdict == Verdict::Inconclusive)
    missing.emplace_back("the audit has no verdict");
  return missing;
}

double seconds_of(const Evidence& evidence) {
  double seconds = 0;
  for (const StageTime& stage : evidence.timing) seconds += stage.seconds;
  return seconds;
}

std::string path_in_repository(std::string_view folder, std::string_view file) {
  while (folder.starts_with("./")) folder.remove_prefix(2);
  while (folder.ends_with('/')) folder.remove_suffix(1);
  if (folder.empty() || folder == ".") return std::string(file);
  return fmt::format("{}/{}", folder, file);
}

}  // namespace skillaudit
