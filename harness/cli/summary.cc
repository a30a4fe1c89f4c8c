#include "harness/cli/summary.h"

#include <fmt/core.h>

#include "harness/analysis/verdict.h"
#include "harness/base/text.h"
#include "harness/bundle/layout.h"
#include "harness/cli/called_as.h"
#include "reports/facts.h"
#include "reports/grade_words.h"
#include "reports/not_exercised.h"
#include "reports/telling_facts.h"

namespace skillaudit {
namespace {

constexpr std::size_t kFindingsShown = 8;

}  // namespace

std::string summary(const AuditResult& result) {
  const Assessment& assessment = result.assessment;
  std::string text = fmt::format("\n{}: {}", result.evidence.skill.name,
                                 title_of(assessment.verdict, assessment.after_fixing));
  if (const std::string grade = grade_in_words(assessment); !grade.empty()) text += ", " + grade;
  text += "\n  " + facts_in_a_line(result.evidence, assessment) + "\n";
  for (const std::string& reason : assessment.reasons) text += "  " + reason + "\n";
  if (const std::string source = source_text(result.evidence.skill); !source.empty())
    text += "  From " + source + "\n";
  if (const std::string added = added_rules(assessment); !added.empty())
    text += "  " + added + "\n";
  for (const NotExercised& each : not_exercised(result.evidence, assessment)) {
    if (each.option.empty()) continue;
    text += "  To exercise more: " + exercise_command(result.evidence, {each.option}, called_as()) +
            "\n";
    break;
  }
  std::size_t shown = 0;
  for (const Finding& finding : assessment.findings) {
    if (++shown > kFindingsShown) {
      text += fmt::format("  … and {} more\n", assessment.findings.size() - kFindingsShown);
      break;
    }
    text += fmt::format("  {:<8} {}\n", name_of(finding.severity), finding.title);
  }
  text += fmt::format("Report: {} (also .md, .json)\n",
                      path_in(result.bundle, BundleFile::Report, "html").string());
  if (!result.kept.empty())
    text += as_called(fmt::format(
        "The VM is kept, suspended. Open it: `skillaudit vm ssh {0}`. Restore the state before the "
        "skill ran: `skillaudit vm rollback {0}`. Delete it: `skillaudit vm rm {0}`.\n",
        result.kept));
  if (!result.kept_problem.empty())
    text += fmt::format("The VM could not be kept: {}\n", result.kept_problem);
  return text;
}

}  // namespace skillaudit
