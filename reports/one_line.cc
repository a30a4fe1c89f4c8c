#include <fmt/core.h>

#include "harness/base/text.h"
#include "reports/grade_words.h"
#include "reports/render.h"

namespace skillaudit {

std::string one_line(const Evidence& evidence, const Assessment& assessment) {
  std::string line = fmt::format("{}: {}", shorten(printable(evidence.skill.name), 80),
                                 name_of(assessment.verdict));
  if (assessment.after_fixing) line += " after fixing";
  if (const std::string grade = grade_in_words(assessment); !grade.empty()) line += ", " + grade;
  const std::size_t findings = assessment.findings.size();
  return line + ", " + (findings == 0 ? "no findings" : count_of(findings, "finding"));
}

}  // namespace skillaudit
