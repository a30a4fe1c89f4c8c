#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <set>

#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/temp_dir.h"
#include "reports/ci_formats.h"
#include "reports/sarif_rules.h"
#include "reports/uri.h"
#include "tests/paths.h"
#include "tests/unit/reports/ci_audits.h"

namespace skillaudit {
namespace {

using nlohmann::json;
using testing::accepting;
using testing::at_gate;
using testing::AuditBuilder;
using ::testing::HasSubstr;
using ::testing::Not;

/// What check_sarif.py prints: empty for a log that readers of SARIF take.
std::string errors_of(const std::string& log) {
  const TempDir folder;
  write_file(folder.path() / "a.sarif", log);
  const std::string tests = SKILLAUDIT_SOURCE_DIR "/tests/unit/reports/";
  const CommandResult result =
      run_command({"/usr/bin/python3", tests + "check_sarif.py", tests + "sarif-schema-2.1.0.json",
                   (folder.path() / "a.sarif").string()});
  return result.exit_code == 0 ? "" : result.out + result.err + "(not valid)";
}

/// The run of a log that is valid.
json run_of(const AuditBuilder& audit, const GateResult* gate = nullptr,
            std::string_view folder = {}) {
  const std::string log =
      render_sarif(audit.evidence, audit.assessed(), gate, {.folder = std::string(folder)});
  EXPECT_EQ(errors_of(log), "");
  return json::parse(log)["runs"][0];
}

/// The first result of the rule.
json result_of(const json& run, std::string_view rule) {
  for (const json& each : run["results"])
    if (each["ruleId"] == rule) return each;
  ADD_FAILURE() << "no result of " << rule;
  return {};
}

const json& artifact_of(const json& result) {
  return result["locations"][0]["physicalLocation"]["artifactLocation"];
}

TEST(Sarif, OfEachVerdictIsValid) {
  for (const AuditBuilder& audit :
       {testing::approved(), testing::approved_with_findings(), testing::needs_review(),
        testing::rejected(), testing::inconclusive(), testing::aborted()}) {
    const json run = run_of(audit);
    EXPECT_EQ(run["invocations"][0]["executionSuccessful"],
              audit.assessed().verdict != Verdict::Inconclusive);
    EXPECT_EQ(run["properties"]["verdict"], name_of(audit.assessed().verdict));
  }
}

TEST(Sarif, TheCheckRefusesWhatIsNotSarif) {
  const AuditBuilder audit = testing::approved_with_findings();
  const json log = json::parse(render_sarif(audit.evidence, audit.assessed()));
  json wrong = log;
  wrong["surprise"] = 1;
  EXPECT_THAT(errors_of(wrong.dump()), HasSubstr("surprise"));
  wrong = log;
  wrong["runs"][0]["results"][0]["ruleIndex"] = 1;
  EXPECT_THAT(errors_of(wrong.dump()), HasSubstr("another rule's"));
  wrong = log;
  wrong["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] =
      "a b";
  EXPECT_THAT(errors_of(wrong.dump()), HasSubstr("uri-reference"));
  wrong = log;
  wrong["runs"][0]["invocations"][0]["startTimeUtc"] = "yesterday";
  EXPECT_THAT(errors_of(wrong.dump()), HasSubstr("date-time"));
}

TEST(Sarif, AFindingInAFileNamesItsLine) {
  const json found =
      result_of(run_of(testing::approved_with_findings()), "portability.hard-coded-path");
  EXPECT_EQ(artifact_of(found), json({{"uri", "scripts/run.sh"}, {"uriBaseId", "SKILL"}}));
  EXPECT_EQ(found["locations"][0]["physicalLocation"]["region"]["startLine"], 67);
  EXPECT_EQ(found["properties"]["observedAtRunTime"], false);
  EXPECT_FALSE(found["partialFingerprints"].contains("primaryLocationLineHash"));
  EXPECT_FALSE(found.contains("suppressions"));
  EXPECT_FALSE(found.contains("baselineState"));
}

TEST(Sarif, AFindingOfTheRunPointsAtTheInstructions) {
  const json found = result_of(run_of(testing::approved_with_findings(), nullptr, "skills/a b"),
                               "files.temp-left");
  EXPECT_EQ(artifact_of(found),
            json({{"uri", "skills/a%20b/SKILL.md"}, {"uriBaseId", "%SRCROOT%"}}));
  EXPECT_EQ(found["properties"]["observedAtRunTime"], true);
  EXPECT_TRUE(found["partialFingerprints"].contains("primaryLocationLineHash"));
  EXPECT_FALSE(found["properties"]["evidence"].empty());
}

TEST(Sarif, HasTheLevelsThatGitHubReads) {
  const json run = run_of(testing::rejected());
  const json found = result_of(run, "credentials.decoy-left-machine");
  EXPECT_EQ(found["level"], "error");
  const json rule = run["tool"]["driver"]["rules"][found["ruleIndex"].get<std::size_t>()];
  EXPECT_EQ(rule["properties"]["security-severity"], "9.5");
  EXPECT_EQ(rule["name"], "CredentialsDecoyLeftMachine");
  EXPECT_EQ(run["tool"]["driver"]["rules"].size(), shipped_rubric().rules.size() + 1);
  EXPECT_EQ(run["invocations"][0]["exitCode"], 2);
  EXPECT_EQ(sarif_level(Severity::Critical), "error");
  EXPECT_EQ(sarif_level(Severity::Medium), "warning");
  EXPECT_EQ(sarif_level(Severity::Low), "note");
}

TEST(Sarif, ARuleHasItsTechniqueAndNoTemplate) {
  const json run = run_of(testing::approved());
  bool with_technique = false;
  for (const json& rule : run["tool"]["driver"]["rules"]) {
    const std::string text = rule.dump();
    EXPECT_THAT(text, Not(HasSubstr("{what}")));
    EXPECT_THAT(text, Not(HasSubstr("{where}")));
    with_technique = with_technique || text.find("external/mitre/attack/T1") != std::string::npos;
  }
  EXPECT_TRUE(with_technique);
}

TEST(Sarif, AnAuditWithoutAVerdictHasAResultThatSaysSo) {
  const json run = run_of(testing::inconclusive());
  const json result = result_of(run, kInconclusiveRule);
  EXPECT_EQ(result["level"], "error");
  EXPECT_THAT(result["message"]["text"].get<std::string>(), HasSubstr("the trace ended early"));
  EXPECT_EQ(run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"],
            "the trace ended early");
  EXPECT_EQ(run["invocations"][0]["exitCode"], 3);
}

TEST(Sarif, TellsWhenTheAuditWas) {
  const json invocation = run_of(testing::approved())["invocations"][0];
  EXPECT_EQ(invocation["startTimeUtc"], "2026-11-22T23:59:50Z");
  EXPECT_EQ(invocation["endTimeUtc"], "2026-11-23T00:00:04Z");
  AuditBuilder timeless = testing::approved();
  timeless.evidence.started_at = "yesterday\n";
  EXPECT_FALSE(run_of(timeless)["invocations"][0].contains("startTimeUtc"));
}

/// What two processes left, by names that are drawn anew in each run.
AuditBuilder with_left_files(const std::string& drawn, const std::string& host) {
  AuditBuilder audit = testing::approved();
  audit.added(testing::regular("/tmp/tmp." + drawn));
  audit.add(AuditBuilder::request("GET", host, "/"));
  return audit;
}

TEST(Sarif, FingerprintsOutliveWhatIsDrawnAnew) {
  const json one = run_of(with_left_files("aZbQ12xW", "one.example"));
  const json other = run_of(with_left_files("kk77LLpo", "two.example"));
  const auto print = [](const json& run, std::string_view rule) {
    return result_of(run, rule)["partialFingerprints"]["ruleAndOffenders/v1"];
  };
  EXPECT_EQ(print(one, "files.temp-left"), print(other, "files.temp-left"));
  EXPECT_NE(print(one, "network.unexpected-host"), print(other, "network.unexpected-host"));
}

TEST(Sarif, TellsWhatTheGateAcceptedAndWhatIsNew) {
  const AuditBuilder before = testing::needs_review();
  AuditBuilder now = before;
  now.evidence.started_at = "2026-11-23T00:00:00Z";
  now.added(testing::regular("/tmp/left"));
  const std::string rule = before.assessed().findings[0].rule;
  const GateResult gate = at_gate(now, accepting(rule, before));
  const json run = run_of(now, &gate);
  const json accepted = result_of(run, rule);
  EXPECT_EQ(accepted["suppressions"],
            json::array({{{"kind", "external"},
                          {"status", "accepted"},
                          {"justification", "accepted until 2027-01-31: reviewed in #17"}}}));
  EXPECT_EQ(accepted["baselineState"], "unchanged");
  const json news = result_of(run, "files.temp-left");
  EXPECT_EQ(news["suppressions"], json::array());
  EXPECT_EQ(news["baselineState"], "new");
  EXPECT_EQ(run["baselineGuid"], run_of(before)["automationDetails"]["guid"]);
  EXPECT_NE(run["baselineGuid"], run["automationDetails"]["guid"]);
  EXPECT_EQ(run["automationDetails"]["id"], "skillaudit/example/");
  EXPECT_EQ(run["properties"]["gate"]["inForce"]["verdict"], name_of(gate.in_force.verdict));
}

TEST(Sarif, ThePolicysSeverityIsTheLevel) {
  const AuditBuilder audit = with_left_files("x", "one.example");
  GateRules rules;
  rules.policy.rules = {{"files.temp-left", Severity::High, "our runners are shared", 1},
                        {"network.unexpected-host", std::nullopt, "we have a firewall", 2}};
  const GateResult gate = at_gate(audit, rules);
  const json run = run_of(audit, &gate);
  EXPECT_EQ(result_of(run, "files.temp-left")["level"], "error");
  EXPECT_EQ(result_of(run, "network.unexpected-host")["suppressions"][0]["justification"],
            "disabled by the policy: we have a firewall");
}

TEST(Sarif, IsValidWhateverTheGuestWrote) {
  for (const std::string& text : testing::texts_against_ci()) {
    const AuditBuilder audit = testing::hostile(text);
    const GateResult gate = at_gate(audit, accepting("cron.added", audit));
    // Where evidence is missing, that is a result beside the findings.
    const std::size_t missing = gate.in_force.verdict == Verdict::Inconclusive ? 1 : 0;
    EXPECT_EQ(run_of(audit, &gate, text)["results"].size(),
              audit.assessed().findings.size() + missing)
        << text;
  }
}

TEST(Sarif, CategoryIsTheSkillUnlessItIsGiven) {
  const AuditBuilder audit = testing::approved_with_findings();
  const auto id_with = [&](const std::string& category) {
    const json log = json::parse(
        render_sarif(audit.evidence, audit.assessed(), nullptr, {.category = category}));
    return log["runs"][0]["automationDetails"]["id"].get<std::string>();
  };
  EXPECT_EQ(id_with(""), "skillaudit/" + audit.evidence.skill.name + "/");
  EXPECT_EQ(id_with("notes/debian-13"), "skillaudit/notes%2Fdebian-13/");
}

TEST(Sarif, AreTheSameBytesEachTime) {
  const AuditBuilder audit = testing::hostile("a`b");
  EXPECT_EQ(render_sarif(audit.evidence, audit.assessed()),
            render_sarif(audit.evidence, audit.assessed()));
}

TEST(RelativeUri, EncodesAllThatCouldBeReadOtherwise) {
  EXPECT_EQ(relative_uri("a b/ü:\xff?#%/c.sh"), "a%20b/%C3%BC%3A%FF%3F%23%25/c.sh");
  EXPECT_EQ(relative_uri("https://x"), "https%3A//x");
  EXPECT_EQ(uri_segment("a/b"), "a%2Fb");
}

}  // namespace
}  // namespace skillaudit
