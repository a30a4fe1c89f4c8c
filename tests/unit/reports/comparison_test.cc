#include "reports/comparison.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

namespace skillaudit {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

OutcomeFinding finding(const std::string& rule, const std::string& title) {
  return {.rule = rule, .axis = Axis::Security, .severity = Severity::High, .title = title};
}

SystemOutcome system(const std::string& os, const std::vector<OutcomeFinding>& findings) {
  return {.os = os,
          .system = "Debian " + os.substr(os.size() - 2),
          .bundle = os,
          .outcome = {.verdict = Verdict::NeedsReview,
                      .grade = Grade::C,
                      .overall = 80.0,
                      .scores = {100.0, 100.0, 50.0, 100.0, 100.0},
                      .findings = findings}};
}

SystemOutcome failed(const std::string& os) { return {.os = os, .error = "no disk | space"}; }

TEST(ComparisonOfSystems, TellsWhatIsSharedFromWhatIsNot) {
  const Comparison made = compare_systems(
      "sample", {system("debian-12", {finding("a", "both"), finding("b", "old `x-12`")}),
                 system("debian-13", {finding("c", "new"), finding("a", "both")})});
  ASSERT_EQ(made.findings.size(), 3U);
  EXPECT_THAT(made.findings[0].on, ElementsAre(0, 1));
  EXPECT_THAT(made.findings[1].on, ElementsAre(0));
  EXPECT_THAT(made.findings[2].on, ElementsAre(1));
  EXPECT_FALSE(made.same);
  EXPECT_TRUE(is_shared(made, made.findings[0]));
}

TEST(ComparisonOfSystems, SystemsThatCameToTheSameAreTheSame) {
  const Comparison made =
      compare_systems("sample", {system("debian-12", {finding("a", "left `/tmp/x-1`")}),
                                 system("debian-13", {finding("a", "left `/tmp/x-2`")})});
  EXPECT_TRUE(made.same);
  EXPECT_THAT(render_comparison_markdown(made),
              AllOf(HasSubstr("have the same result"), Not(HasSubstr(" only"))));
}

TEST(ComparisonOfSystems, AMissingAuditIsNoSameness) {
  const Comparison made =
      compare_systems("sample", {system("debian-12", {finding("a", "t")}), failed("debian-13")});
  EXPECT_FALSE(made.same);
  EXPECT_TRUE(is_shared(made, made.findings.at(0)));
  EXPECT_THAT(render_comparison_markdown(made), HasSubstr("no audit: no disk \\| space"));
  const auto json = nlohmann::json::parse(render_comparison_json(made));
  EXPECT_TRUE(json["systems"][1]["verdict"].is_null());
  EXPECT_EQ(json["systems"][1]["error"], "no disk | space");
  EXPECT_TRUE(json["systems"][0]["error"].is_null());
}

TEST(ComparisonOfSystems, ThePageGivesEachSystemARowAndEachGroupASection) {
  const std::string page = render_comparison_markdown(compare_systems(
      "sample", {system("debian-12", {finding("a", "both"), finding("b", "old")}),
                 system("debian-13", {finding("a", "both"), finding("c", "new")})}));
  EXPECT_EQ(page, R"(# sample on 2 systems

The audits have different results on different systems.

| System | Verdict | Grade | Overall | execution | cleanliness | security | portability | documentation | |
|---|---|---|---|---|---|---|---|---|---|
| debian-12 (Debian 12) | NEEDS\_REVIEW | C | – | 100 | 100 | 50 | 100 | 100 | [report](debian-12/report.md) |
| debian-13 (Debian 13) | NEEDS\_REVIEW | C | – | 100 | 100 | 50 | 100 | 100 | [report](debian-13/report.md) |

## Findings on all systems

- **HIGH** (security, `a`): both

## Findings only on debian-12

- **HIGH** (security, `b`): old

## Findings only on debian-13

- **HIGH** (security, `c`): new
)");
}

TEST(ComparisonOfSystems, TheProgramGetsNamesNotNumbers) {
  const auto json = nlohmann::json::parse(render_comparison_json(compare_systems(
      "sample", {system("debian-12", {}), system("debian-13", {finding("c", "new")})})));
  EXPECT_EQ(json["schema_version"], 1);
  EXPECT_EQ(json["skill"], "sample");
  EXPECT_EQ(json["same"], false);
  EXPECT_EQ(json["systems"][0]["os"], "debian-12");
  EXPECT_EQ(json["systems"][0]["scores"]["security"], 50.0);
  EXPECT_EQ(json["findings"][0]["rule"], "c");
  EXPECT_EQ(json["findings"][0]["on"], nlohmann::json({"debian-13"}));
}

}  // namespace
}  // namespace skillaudit
