#include "reports/rule_page.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <set>

#include "harness/base/file.h"
#include "tests/paths.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

const fs::path kPages = fs::path(SKILLAUDIT_SOURCE_DIR) / "docs/rules";

TEST(RulePages, StandInTheDocumentationForEveryRuleAsTheRubricHasIt) {
  const Rubric rubric = shipped_rubric();
  std::set<std::string> expected = {"README.md", std::string(kInconclusiveRule) + ".md"};
  EXPECT_EQ(read_file(kPages / (std::string(kInconclusiveRule) + ".md")),
            render_inconclusive_markdown());
  for (const RubricRule& rule : rubric.rules) {
    const std::string name = rule.id + ".md";
    expected.insert(name);
    ASSERT_TRUE(fs::exists(kPages / name))
        << name << " is missing: call `skillaudit explain --write docs/rules`";
    EXPECT_EQ(read_file(kPages / name), render_rule_markdown(rule))
        << name << " is out of date: call `skillaudit explain --write docs/rules`";
  }
  EXPECT_EQ(read_file(kPages / "README.md"), render_rules_markdown(rubric));
  for (const fs::directory_entry& entry : fs::directory_iterator(kPages))
    EXPECT_TRUE(expected.contains(entry.path().filename().string()))
        << entry.path() << " is the page of no rule";
}

TEST(RulePages, SayWhatARuleCostsAndWhatExcusesIt) {
  const Rubric rubric = shipped_rubric();
  const std::string text = render_rule_text(rubric.rule("files.left-in-home"));
  EXPECT_THAT(text, HasSubstr("files.left-in-home\n"));
  EXPECT_THAT(text, HasSubstr("8 for the first, 4 for each further one, 24 at most"));
  EXPECT_THAT(text, HasSubstr("documentation that names the path"));
  EXPECT_THAT(text, Not(HasSubstr("{what}")));
}

TEST(RulePages, SayWhatTheVerdictIs) {
  const Rubric rubric = shipped_rubric();
  EXPECT_THAT(render_rule_text(rubric.rule("network.unexpected-host")),
              HasSubstr("verdict NEEDS_REVIEW"));
  EXPECT_THAT(render_rule_text(rubric.rule("execution.hang")), HasSubstr("verdict NEEDS_REVIEW"));
  EXPECT_THAT(render_rule_text(rubric.rule("files.user-deleted")),
              HasSubstr("verdict REJECTED, NEEDS_REVIEW where documents name it in general"));
  EXPECT_THAT(render_rule_text(rubric.rule("files.temp-left")), HasSubstr("points only"));
}

TEST(RulePages, ListEveryRuleOnce) {
  const Rubric rubric = shipped_rubric();
  const std::string list = render_rules_text(rubric);
  for (const RubricRule& rule : rubric.rules) {
    const std::string cell = "  " + rule.id + " ";
    const std::size_t at = list.find(cell);
    ASSERT_NE(at, std::string::npos) << cell;
    EXPECT_EQ(list.find(cell, at + 1), std::string::npos) << cell;
  }
}

}  // namespace
}  // namespace skillaudit
