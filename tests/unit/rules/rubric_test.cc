#include "harness/rules/rubric.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "harness/base/error.h"
#include "harness/base/file.h"

namespace skillaudit {
namespace {

using ::testing::HasSubstr;

std::string shipped_text() { return read_file(resource("reports/rubric.yaml")); }

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string error_of(const std::string& text) {
  try {
    static_cast<void>(load_rubric(text));
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Usage);
    return error.what();
  }
  return "no error";
}

TEST(Rubric, HoldsEveryRuleOfTheCodeAndNoOther) {
  EXPECT_NO_THROW(static_cast<void>(shipped_rubric()));
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < kRuleCount; ++i) {
    const std::string_view name = name_of(static_cast<RuleId>(i));
    EXPECT_TRUE(names.insert(name).second) << name;
    EXPECT_EQ(rule_from_name(name), static_cast<RuleId>(i));
  }
  EXPECT_FALSE(names.contains(""));
}

TEST(Rubric, HasTheWeightsAndGradesOfTheGradingRules) {
  const Rubric rubric = shipped_rubric();
  EXPECT_EQ(rubric.weights, (std::array<double, 5>{0.25, 0.25, 0.30, 0.10, 0.10}));
  EXPECT_EQ(rubric.least, (std::array<double, 4>{90, 80, 70, 60}));
}

TEST(Rubric, ARuleThatIsMissingIsRefused) {
  const std::string text = shipped_text();
  const std::size_t at = text.find("  - id: portability.hard-coded-path");
  EXPECT_THAT(error_of(text.substr(0, at)), HasSubstr("portability.hard-coded-path is missing"));
}

TEST(Rubric, ARuleThatTheCodeDoesNotHaveIsRefusedWithItsLine) {
  const std::string message =
      error_of(replaced(shipped_text(), "id: execution.hang", "id: execution.hangs"));
  EXPECT_THAT(message, HasSubstr("no such rule: execution.hangs"));
  EXPECT_THAT(message, ::testing::ContainsRegex("rubric.yaml:[0-9]+:[0-9]+: "));
}

TEST(Rubric, AnUnknownKeyIsRefusedWithTheNearestKnownOne) {
  EXPECT_THAT(error_of(replaced(shipped_text(), "    deduction: 30", "    deducton: 30")),
              HasSubstr("did you mean \"deduction\"?"));
}

TEST(Rubric, NumbersOutOfRangeAreRefused) {
  EXPECT_THAT(error_of(replaced(shipped_text(), "deduction: 30", "deduction: -1")),
              HasSubstr("is not between"));
  EXPECT_THAT(error_of(replaced(shipped_text(), "deduction: 30", "deduction: many")),
              HasSubstr("expected a number"));
  EXPECT_THAT(error_of(replaced(shipped_text(), "{weight: 0.30}", "{weight: 0.40}")),
              HasSubstr("add up to"));
}

TEST(Rubric, AnUnknownPlaceholderIsRefused) {
  EXPECT_THAT(error_of(replaced(shipped_text(), "The step {what}", "The step {who}")),
              HasSubstr("unknown placeholder {who}"));
}

TEST(Rubric, ATechniqueThatIsNoneIsRefusedWithItsPlace) {
  const std::string text = shipped_text();
  for (const std::string wrong : {"T14990", "t1499", "T1499.1", "TA0002", "", "T1499 "}) {
    const std::string given = "attack: \"" + wrong + "\"";
    const std::string changed = replaced(text, "attack: T1499\n", given + "\n");
    const std::string before = changed.substr(0, changed.find(given));
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    EXPECT_THAT(error_of(changed), HasSubstr("rubric.yaml:" + std::to_string(line) +
                                             ":13: expected a technique of MITRE ATT&CK"))
        << wrong;
  }
}

TEST(Rubric, EveryRuleSaysWhyAndWhence) {
  const Rubric rubric = shipped_rubric();
  std::set<std::string> rationales;
  for (std::size_t i = 0; i < kRuleCount; ++i) {
    const RubricRule& rule = rubric.rules[i];
    EXPECT_TRUE(rule.rationale.ends_with(".")) << name_of(static_cast<RuleId>(i));
    EXPECT_TRUE(rationales.insert(rule.rationale).second) << rule.rationale;
    EXPECT_NE(rule.source, "");
  }
  const auto without = [](const std::string& key) {
    std::string text = shipped_text();
    const std::size_t at = text.find("    " + key + ": ", text.find("  - id: execution.hang"));
    return text.erase(at, text.find('\n', at) + 1 - at);
  };
  EXPECT_THAT(error_of(without("rationale")), HasSubstr("\"rationale\" is missing"));
  EXPECT_THAT(error_of(without("source")), HasSubstr("\"source\" is missing"));
  EXPECT_THAT(error_of(replaced(shipped_text(), "source: \"agentskills.io specification\"",
                                "source: \" \"")),
              HasSubstr("expected a text that says something"));
}

TEST(Rubric, BrokenYamlIsRefusedWithItsPlace) {
  EXPECT_THAT(error_of("axes: ["), HasSubstr("rubric.yaml:1:"));
  EXPECT_THAT(error_of("just text"), HasSubstr("expected a map"));
  EXPECT_NE(error_of(""), "no error");
}

}  // namespace
}  // namespace skillaudit
