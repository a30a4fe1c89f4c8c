#include "harness/rules/rubric.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/rules/rule_code.h"

namespace skillaudit {
namespace {

using ::testing::HasSubstr;

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string error_of(const RuleFile& rubric, const std::vector<RuleFile>& rules) {
  try {
    static_cast<void>(load_rubric(rubric, rules));
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Usage);
    return error.what();
  }
  return "no error";
}

/// Of a rubric.yaml of this text.
std::string error_of(const std::string& text) {
  return error_of({"rubric.yaml", text}, shipped_rule_files());
}

/// What stands in reports/rules/AREA.yaml.
std::string text_of(const std::string& area) {
  return read_file(resource("reports/rules/" + area + ".yaml"));
}

/// Of the shipped rules with this text for reports/rules/AREA.yaml.
std::string error_of_rules(const std::string& area, const std::string& text) {
  std::vector<RuleFile> files = shipped_rule_files();
  const std::string name = "reports/rules/" + area + ".yaml";
  for (RuleFile& file : files)
    if (file.name == name) file.text = text;
  return error_of(shipped_rubric_file(), files);
}

TEST(Rubric, HasItsRulesById) {
  const Rubric rubric = shipped_rubric();
  EXPECT_GE(rubric.rules.size(), 100U);
  for (const RubricRule& rule : rubric.rules) EXPECT_EQ(rubric.find(rule.id), &rule);
  EXPECT_EQ(rubric.find("files.tmp-left"), nullptr);
  EXPECT_THROW(static_cast<void>(rubric.rule("files.tmp-left")), Error);
}

TEST(Rubric, EachRuleIsFoundByACondition_OrByCodeThatNamesIt) {
  std::set<std::string_view> by_code;
  for (const RuleCode& code : rule_code()) by_code.insert(code.finds.begin(), code.finds.end());
  const Rubric rubric = shipped_rubric();
  for (const RubricRule& rule : rubric.rules)
    EXPECT_TRUE(!rule.when.empty() || by_code.contains(rule.id)) << rule.id;
  for (const std::string_view id : by_code) EXPECT_NE(rubric.find(id), nullptr) << id;
}

TEST(Rubric, HasTheWeightsAndGradesOfTheGradingRules) {
  const Rubric rubric = shipped_rubric();
  EXPECT_EQ(rubric.weights, (std::array<double, 5>{0.25, 0.25, 0.30, 0.10, 0.10}));
  EXPECT_EQ(rubric.least, (std::array<double, 4>{90, 80, 70, 60}));
}

TEST(Rubric, ARuleThatIsMissingIsRefusedWithItsFile) {
  std::vector<RuleFile> files = shipped_rule_files();
  std::erase_if(files,
                [](const RuleFile& file) { return file.name.ends_with("/portability.yaml"); });
  EXPECT_THAT(error_of(shipped_rubric_file(), files),
              HasSubstr("the rule portability.hard-coded-path is missing: it must be in "
                        "reports/rules/portability.yaml"));
}

TEST(Rubric, ARuleThatNothingFindsIsRefusedWithItsLine) {
  const std::string message = error_of_rules(
      "execution", replaced(text_of("execution"), "id: execution.hang", "id: execution.hangs"));
  EXPECT_THAT(
      message,
      HasSubstr("nothing finds the rule execution.hangs: give it a condition with `when:`"));
  EXPECT_THAT(message, ::testing::ContainsRegex("reports/rules/execution.yaml:[0-9]+:[0-9]+: "));
}

TEST(Rubric, ARuleInTheFileOfAnotherAreaIsRefused) {
  EXPECT_THAT(
      error_of_rules("cron", replaced(text_of("cron"), "id: cron.added", "id: files.temp-left")),
      HasSubstr("reports/rules/cron.yaml:5:9: the rule files.temp-left must be in files.yaml"));
}

TEST(Rubric, AnUnknownKeyIsRefusedWithTheNearestKnownOne) {
  EXPECT_THAT(error_of_rules("execution", replaced(text_of("execution"), "    deduction: 30",
                                                   "    deducton: 30")),
              HasSubstr("did you mean \"deduction\"?"));
  EXPECT_THAT(error_of(replaced(shipped_rubric_file().text, "grades:", "grade:")),
              HasSubstr("did you mean \"grades\"?"));
}

TEST(Rubric, NumbersOutOfRangeAreRefused) {
  EXPECT_THAT(
      error_of_rules("execution", replaced(text_of("execution"), "deduction: 30", "deduction: -1")),
      HasSubstr("is not between"));
  EXPECT_THAT(error_of_rules("execution",
                             replaced(text_of("execution"), "deduction: 30", "deduction: many")),
              HasSubstr("expected a number"));
  EXPECT_THAT(error_of(replaced(shipped_rubric_file().text, "{weight: 0.30}", "{weight: 0.40}")),
              HasSubstr("add up to"));
}

TEST(Rubric, AnUnknownPlaceholderIsRefused) {
  EXPECT_THAT(error_of_rules("execution",
                             replaced(text_of("execution"), "The step {what}", "The step {who}")),
              HasSubstr("unknown placeholder {who}"));
}

TEST(Rubric, ATechniqueThatIsNoneIsRefusedWithItsPlace) {
  const std::string text = text_of("processes");
  for (const std::string wrong : {"T14990", "t1499", "T1499.1", "TA0002", "", "T1499 "}) {
    const std::string given = "attack: \"" + wrong + "\"";
    const std::string changed = replaced(text, "attack: T1499\n", given + "\n");
    const std::string before = changed.substr(0, changed.find(given));
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    EXPECT_THAT(error_of_rules("processes", changed),
                HasSubstr("processes.yaml:" + std::to_string(line) +
                          ":13: expected a technique of MITRE ATT&CK"))
        << wrong;
  }
}

TEST(Rubric, EveryRuleSaysWhyAndWhence) {
  const Rubric rubric = shipped_rubric();
  std::set<std::string> rationales;
  for (const RubricRule& rule : rubric.rules) {
    EXPECT_TRUE(rule.rationale.ends_with(".")) << rule.id;
    EXPECT_TRUE(rationales.insert(rule.rationale).second) << rule.rationale;
    EXPECT_NE(rule.source, "");
  }
  const auto without = [](const std::string& key) {
    std::string text = text_of("execution");
    const std::size_t at = text.find("    " + key + ": ", text.find("  - id: execution.hang"));
    return error_of_rules("execution", text.erase(at, text.find('\n', at) + 1 - at));
  };
  EXPECT_THAT(without("rationale"), HasSubstr("\"rationale\" is missing"));
  EXPECT_THAT(without("source"), HasSubstr("\"source\" is missing"));
  EXPECT_THAT(error_of_rules("documentation",
                             replaced(text_of("documentation"),
                                      "source: \"agentskills.io specification\"", "source: \" \"")),
              HasSubstr("expected a text that says something"));
}

TEST(Rubric, BrokenYamlIsRefusedWithItsPlace) {
  EXPECT_THAT(error_of("axes: ["), HasSubstr("rubric.yaml:1:"));
  EXPECT_THAT(error_of("just text"), HasSubstr("expected a map"));
  EXPECT_NE(error_of(""), "no error");
}

}  // namespace
}  // namespace skillaudit
