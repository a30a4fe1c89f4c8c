// A reader sees which rules were in force beside the shipped ones.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "harness/base/hash.h"
#include "harness/rules/team_rules.h"
#include "reports/ci_formats.h"
#include "reports/gate_report.h"
#include "reports/render.h"
#include "reports/render_terminal.h"
#include "reports/rule_page.h"
#include "tests/unit/analysis/evidence_builder.h"

namespace skillaudit {
namespace {

using ::skillaudit::testing::AuditBuilder;
using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;

const std::string kAcme =
    "schema_version: 1\n"
    "rules:\n"
    "  - id: acme.no-crontab\n"
    "    class: lasting\n"
    "    section: cron\n"
    "    when: {verb: create, object: cron-job}\n"
    "    axis: security\n"
    "    severity: HIGH\n"
    "    deduction: 20\n"
    "    rationale: \"It runs at night.\"\n"
    "    source: \"the team's handbook\"\n"
    "    title: \"A job was added: {what}\"\n";

class AddedRulesInReports : public ::testing::Test {
 protected:
  AuditBuilder audit = AuditBuilder().cron("@daily backup");
  Rubric rubric = load_rubric(shipped_rubric_file(), shipped_rule_files(),
                              {{"/home/me/team-rules/acme.yaml", kAcme}});
  Assessment with = audit.assessed(rubric);
  Assessment without = audit.assessed();
};

TEST_F(AddedRulesInReports, StandInJsonByNameAndDigest) {
  const Json json = Json::parse(render_json(audit.evidence, with));
  ASSERT_EQ(json["added_rules"].size(), 1U);
  EXPECT_EQ(json["added_rules"][0],
            (Json{{"file", "acme.yaml"}, {"sha256", sha256(kAcme)}, {"rules", 1}}));
  EXPECT_EQ(Json::parse(render_json(audit.evidence, without))["added_rules"], Json::array());
}

TEST_F(AddedRulesInReports, StandInReportsForPeople) {
  const std::string markdown = render_markdown(audit.evidence, with);
  EXPECT_THAT(markdown, HasSubstr("- **Added rules**: `acme.yaml` (1 rule), SHA-256 `" +
                                  sha256(kAcme) + "`"));
  EXPECT_THAT(render_html(audit.evidence, with),
              AllOf(HasSubstr("<code>acme.yaml</code> (1 rule)"), HasSubstr(sha256(kAcme)),
                    HasSubstr("skillaudit report BUNDLE --rules DIR</code>")));
  EXPECT_THAT(render_terminal(audit.evidence, with, {}),
              HasSubstr("With rules of a team's own: `acme.yaml` (1 rule)"));
  EXPECT_THAT(render_markdown(audit.evidence, without), Not(HasSubstr("Added rules")));
  EXPECT_THAT(render_html(audit.evidence, without), Not(HasSubstr("--rules")));
  EXPECT_THAT(render_terminal(audit.evidence, without, {}), Not(HasSubstr("team's own")));
}

TEST_F(AddedRulesInReports, AreRulesOfSarifWithoutALinkToAPageThatThereIsNot) {
  const Json run = Json::parse(render_sarif(audit.evidence, with))["runs"][0];
  const Json& rules = run["tool"]["driver"]["rules"];
  EXPECT_EQ(rules.size(), shipped_rubric().rules.size() + 2);
  for (const Json& result : run["results"])
    if (result["ruleId"] == "acme.no-crontab") {
      const Json& rule = rules[result["ruleIndex"].get<std::size_t>()];
      EXPECT_EQ(rule["id"], "acme.no-crontab");
      EXPECT_FALSE(rule.contains("helpUri"));
      EXPECT_THAT(rule["help"]["text"].get<std::string>(),
                  HasSubstr("skillaudit explain acme.no-crontab --rules DIR"));
      EXPECT_EQ(run["properties"]["addedRules"][0]["file"], "acme.yaml");
      return;
    }
  ADD_FAILURE() << "no result of the added rule";
}

TEST_F(AddedRulesInReports, AreNamedByTheGateAndByTheFormatsForCi) {
  const GateResult gate = pass_gate(audit.evidence, with, rubric, {});
  const Json judged = Json::parse(render_gate_json({gate}, {}))["audits"][0];
  EXPECT_EQ(judged["added_rules"],
            (Json{{{"file", "acme.yaml"}, {"sha256", sha256(kAcme)}, {"rules", 1}}}));
  EXPECT_THAT(render_gate_text(gate), HasSubstr("  With rules of a team's own: `acme.yaml`"));
  EXPECT_THAT(render_junit(audit.evidence, with, &gate, {}),
              HasSubstr("<property name=\"added_rules\" value=\"acme.yaml (1 rule), SHA-256 " +
                        sha256(kAcme) + "\"/>"));
  EXPECT_THAT(render_github_summary(audit.evidence, with, &gate, {}),
              HasSubstr("With rules of a team's own: `acme.yaml` (1 rule)"));

  const GateResult shipped = pass_gate(audit.evidence, without, shipped_rubric(), {});
  EXPECT_EQ(Json::parse(render_gate_json({shipped}, {}))["audits"][0]["added_rules"],
            Json::array());
  EXPECT_THAT(render_gate_text(shipped), Not(HasSubstr("team's own")));
  EXPECT_THAT(render_junit(audit.evidence, without), Not(HasSubstr("added_rules")));
  EXPECT_THAT(render_github_summary(audit.evidence, without), Not(HasSubstr("team's own")));
}

TEST_F(AddedRulesInReports, AreExplainedWithTheirPlace) {
  EXPECT_THAT(render_rule_text(rubric.rule("acme.no-crontab")),
              HasSubstr("  file        /home/me/team-rules/acme.yaml:3:9\n"));
  EXPECT_THAT(render_rule_markdown(rubric.rule("acme.no-crontab")),
              HasSubstr("Generated from `/home/me/team-rules/acme.yaml` by"));
  EXPECT_THAT(render_rule_text(rubric.rule("cron.added")), Not(HasSubstr("  file  ")));
}

}  // namespace
}  // namespace skillaudit
