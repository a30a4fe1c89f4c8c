#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <set>

#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/temp_dir.h"
#include "reports/ci_formats.h"
#include "tests/paths.h"
#include "tests/unit/reports/ci_audits.h"

namespace skillaudit {
namespace {

using nlohmann::json;
using testing::accepting;
using testing::at_gate;
using testing::AuditBuilder;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// The file as readers of JUnit see it; null, and a failure, where they do not take it.
json read_back(const std::string& xml) {
  const TempDir folder;
  write_file(folder.path() / "junit.xml", xml);
  const CommandResult result =
      run_command({"/usr/bin/python3", SKILLAUDIT_SOURCE_DIR "/tests/unit/reports/check_junit.py",
                   (folder.path() / "junit.xml").string()});
  EXPECT_EQ(result.exit_code, 0) << result.err << xml;
  return result.exit_code == 0 ? json::parse(result.out) : json();
}

json junit_of(const AuditBuilder& audit, const GateResult* gate = nullptr,
              std::string_view folder = {}) {
  return read_back(
      render_junit(audit.evidence, audit.assessed(), gate, {.folder = std::string(folder)}));
}

/// The first test case whose name begins so.
json case_of(const json& suite, const std::string& name) {
  for (const json& each : suite["cases"])
    if (each["name"].get<std::string>().starts_with(name)) return each;
  ADD_FAILURE() << "no test case " << name << " in " << suite.dump(1);
  return {};
}

TEST(Junit, AnApprovedSkillIsGreenAndItsFindingsTellOfThemselves) {
  const AuditBuilder audit = testing::approved_with_findings();
  ASSERT_EQ(audit.assessed().verdict, Verdict::Approved);
  const json suite = junit_of(audit);
  EXPECT_EQ(suite["name"], "vm-report-sample");
  EXPECT_EQ(suite["failures"], 0);
  EXPECT_EQ(suite["errors"], 0);
  EXPECT_EQ(suite["cases"].size(), 2 + audit.assessed().findings.size());
  EXPECT_EQ(case_of(suite, "verdict")["result"], "passed");
  const json found = case_of(suite, "portability.hard-coded-path");
  EXPECT_EQ(found["result"], "passed");
  EXPECT_THAT(found["text"].get<std::string>(), HasSubstr("/home/ubuntu/.claude/cache"));
  EXPECT_THAT(found["text"].get<std::string>(), HasSubstr("What to do: "));
}

TEST(Junit, TellsWhereInTheRepositoryAFindingIs) {
  const json found = case_of(junit_of(testing::approved_with_findings(), nullptr, "./skills/a/"),
                             "portability.hard-coded-path");
  EXPECT_EQ(found["file"], "skills/a/scripts/run.sh");
  EXPECT_EQ(found["line"], "67");
  EXPECT_EQ(found["classname"], "vm-report-sample");
}

TEST(Junit, HasTimesPropertiesAndCounts) {
  const json suite = junit_of(testing::approved_with_findings());
  EXPECT_EQ(suite["time"], 14.75);
  EXPECT_EQ(suite["timestamp"], "2026-11-22T23:59:50");
  EXPECT_EQ(suite["properties"]["grade"], "B");
  EXPECT_EQ(suite["properties"]["overall"], "89.2");
  EXPECT_EQ(suite["properties"]["verdict"], "APPROVED");
  EXPECT_EQ(suite["properties"]["score.documentation"], "70");
  EXPECT_EQ(suite["properties"]["exit_code"], "0");
}

TEST(Junit, ASkillThatIsNotApprovedFailsWithItsFindings) {
  for (const AuditBuilder& audit : {testing::needs_review(), testing::rejected()}) {
    const Assessment assessed = audit.assessed();
    ASSERT_FALSE(assessed.findings.empty());
    const json suite = junit_of(audit);
    EXPECT_EQ(suite["failures"], 1 + assessed.findings.size());
    EXPECT_EQ(suite["errors"], 0);
    const json failed = case_of(suite, assessed.findings[0].rule);
    EXPECT_EQ(failed["result"], "failure");
    EXPECT_EQ(failed["type"], name_of(assessed.findings[0].severity));
    EXPECT_EQ(failed["message"], assessed.findings[0].title);
  }
}

TEST(Junit, AnAuditWithoutAVerdictIsAnErrorWithItsGaps) {
  for (const AuditBuilder& audit : {testing::inconclusive(), testing::aborted()}) {
    ASSERT_EQ(audit.assessed().verdict, Verdict::Inconclusive);
    const json suite = junit_of(audit);
    EXPECT_EQ(suite["errors"], 2);
    EXPECT_EQ(case_of(suite, "evidence is complete")["result"], "error");
    EXPECT_EQ(case_of(suite, "verdict")["type"], "INCONCLUSIVE");
  }
  EXPECT_EQ(case_of(junit_of(testing::inconclusive()), "evidence")["message"],
            "the trace ended early");
  EXPECT_THAT(case_of(junit_of(testing::aborted()), "evidence")["text"].get<std::string>(),
              HasSubstr("the guest stopped answering"));
}

TEST(Junit, WhatTheGateAcceptedIsSkippedAndTheRestIsGreen) {
  const AuditBuilder audit = testing::needs_review();
  const std::string rule = audit.assessed().findings[0].rule;
  const GateResult gate = at_gate(audit, accepting(rule, audit));
  ASSERT_TRUE(gate.passed) << ::testing::PrintToString(gate.failures);
  const json suite = junit_of(audit, &gate);
  EXPECT_EQ(suite["failures"], 0);
  EXPECT_EQ(suite["errors"], 0);
  EXPECT_EQ(case_of(suite, rule)["result"], "skipped");
  EXPECT_EQ(case_of(suite, rule)["message"], "accepted until 2027-01-31: reviewed in #17");
  EXPECT_EQ(case_of(suite, "gate")["result"], "passed");
  EXPECT_EQ(suite["properties"]["verdict"], "NEEDS_REVIEW");
  EXPECT_EQ(suite["properties"]["gate.verdict"], "APPROVED");
}

TEST(Junit, WhatIsNewFailsTheGateAndWhatIsOldDoesNot) {
  const AuditBuilder before = testing::approved_with_findings();
  AuditBuilder now = before;
  now.added(testing::regular("/var/tmp/other"));
  const GateResult gate = at_gate(now, accepting("no.such-rule", before));
  ASSERT_FALSE(gate.passed);
  ASSERT_EQ(gate.in_force.verdict, Verdict::Approved);
  const json suite = junit_of(now, &gate);
  EXPECT_EQ(case_of(suite, "gate")["result"], "failure");
  EXPECT_EQ(case_of(suite, "verdict")["result"], "passed");
  EXPECT_EQ(case_of(suite, "portability.hard-coded-path")["result"], "passed");
  const json news = case_of(suite, "files.temp-left");
  EXPECT_EQ(news["result"], "failure");
  EXPECT_THAT(news["text"].get<std::string>(), HasSubstr("New since the baseline."));
}

TEST(Junit, MissingEvidenceIsAnErrorAtAGate) {
  const AuditBuilder audit = testing::inconclusive();
  GateRules rules;
  rules.policy.verdicts = {Verdict::Approved, Verdict::Inconclusive};
  const GateResult gate = at_gate(audit, rules);
  EXPECT_GE(junit_of(audit, &gate)["errors"], 1);
}

TEST(Junit, NoTwoCasesHaveOneName) {
  const AuditBuilder audit = testing::rejected();
  Assessment assessed = audit.assessed();
  assessed.findings.assign(3, assessed.findings[0]);
  std::set<std::string> names;
  const json suite = read_back(render_junit(audit.evidence, assessed));
  for (const json& each : suite["cases"]) names.insert(each["name"].get<std::string>());
  EXPECT_EQ(names.size(), 5U) << suite;
}

TEST(Junit, IsXmlWhateverTheGuestWrote) {
  for (const std::string& text : testing::texts_against_ci()) {
    const AuditBuilder audit = testing::hostile(text);
    const GateResult gate = at_gate(audit, accepting("cron.added", testing::hostile(text)));
    const json suite = junit_of(audit, &gate, text);
    EXPECT_GE(suite["errors"], 1) << text;
    EXPECT_EQ(suite["cases"].size(), 3 + audit.assessed().findings.size()) << text;
    for (const json& each : suite["cases"]) EXPECT_EQ(each["classname"], suite["name"]) << text;
  }
}

TEST(Junit, TellsTheTextOfTheGuestAsPrintable) {
  AuditBuilder audit = testing::approved();
  audit.evidence.skill.name = "a\x1b]]>&\"\xff\xef\xbf\xbf\n";
  const json suite = junit_of(audit);
  EXPECT_EQ(suite["name"], "a\\x1b]]>&\"\\xff\\uffff\\n");
}

}  // namespace
}  // namespace skillaudit
