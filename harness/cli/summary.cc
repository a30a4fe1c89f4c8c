#include "harness/cli/summary.h"

#include <fmt/format.h>

#include "harness/base/text.h"

namespace skillaudit {
namespace {

constexpr std::size_t kFindingsShown = 8;

std::string verdict_words(const Assessment& assessment) {
  switch (assessment.verdict) {
    case Verdict::Approved:
      return assessment.after_fixing ? "APPROVED after fixing" : "APPROVED";
    case Verdict::NeedsReview:
      return "NEEDS REVIEW";
    case Verdict::Rejected:
      return "REJECTED";
    case Verdict::Inconclusive:
      return "INCONCLUSIVE";
  }
  return {};
}

}  // namespace

std::string summary(const AuditResult& result) {
  const Assessment& assessment = result.assessment;
  std::string text = fmt::format("\n{}: {}", result.evidence.skill.name, verdict_words(assessment));
  if (assessment.grade) text += fmt::format(", grade {}", name_of(*assessment.grade));
  if (assessment.overall) text += fmt::format(" ({:.1f})", *assessment.overall);
  text += "\n ";
  for (const Axis axis : kAxes) {
    const auto& score = assessment.scores[static_cast<std::size_t>(axis)];
    text +=
        fmt::format(" {} {} ", name_of(axis), score ? fmt::format("{:g}", *score) : "not assessed");
  }
  text += "\n";
  for (const std::string& reason : assessment.reasons) text += "  " + reason + "\n";
  std::size_t shown = 0;
  for (const Finding& finding : assessment.findings) {
    if (++shown > kFindingsShown) {
      text += fmt::format("  … and {} more\n", assessment.findings.size() - kFindingsShown);
      break;
    }
    text += fmt::format("  {:<8} {}\n", name_of(finding.severity), finding.title);
  }
  text += fmt::format("Report: {} (also .md, .json)\n", (result.bundle / "report.html").string());
  if (!result.kept.empty())
    text += fmt::format(
        "The VM is kept, suspended: `skillaudit vm ssh {0}` enters it, `skillaudit vm rollback "
        "{0}` "
        "returns it to before the skill ran, `skillaudit vm rm {0}` ends it\n",
        result.kept);
  if (!result.kept_problem.empty())
    text += fmt::format("The VM could not be kept: {}\n", result.kept_problem);
  return text;
}

}  // namespace skillaudit
