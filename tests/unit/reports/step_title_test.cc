// How a reader recognizes a step: by its command, where that is the skill's own.
#include <gtest/gtest.h>

#include "reports/facts.h"

namespace skillaudit {
namespace {

StepTitle title(const std::string& name, const std::string& command, bool tentative) {
  Step step;
  step.name = name;
  step.command = command;
  step.tentative = tentative;
  return title_of(step, Evidence());
}

TEST(StepTitle, IsTheCommandAndWhereItStands) {
  EXPECT_EQ(title("SKILL.md:12", "ls -l\npwd", false).what, "ls -l");
  EXPECT_EQ(title("SKILL.md:12", "ls -l\npwd", true).what, "ls -l");
}

TEST(StepTitle, IsTheCallWhereTheCommandIsTheAudits) {
  EXPECT_EQ(title("facts.py: size('a.md')", "python3 -c \"import os\nimport facts\"", true).what,
            "facts.py: size('a.md')");
  EXPECT_EQ(title("takes: a note", "bash note.sh", false).what, "bash note.sh");
}

}  // namespace
}  // namespace skillaudit
