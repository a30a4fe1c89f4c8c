#include "harness/gate/gate.h"

#include <gmock/gmock.h>

#include "harness/base/error.h"
#include "tests/unit/analysis/evidence_builder.h"

namespace skillaudit {
namespace {

using ::skillaudit::testing::AuditBuilder;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

const std::string kToday = "2026-11-22";

AuditBuilder quiet() { return {}; }
AuditBuilder contacting(const std::vector<std::string>& hosts) {
  AuditBuilder audit;
  for (const std::string& host : hosts) audit.add(AuditBuilder::request("GET", host, "/"));
  return audit;
}

GateResult pass(const AuditBuilder& audit, const GateRules& rules) {
  GateRules today = rules;
  if (today.today.empty()) today.today = kToday;
  return pass_gate(audit.evidence, audit.assessed(), shipped_rubric(), today);
}
Release release(const AuditBuilder& audit) { return release_of(audit.evidence, audit.assessed()); }

Acceptance accept(const std::string& rule, const std::string& what = {},
                  const std::string& expires = "2027-01-31") {
  return {.rule = rule, .what = what, .reason = "looked at", .expires = expires, .line = 3};
}
GateRules accepting(std::vector<Acceptance> entries) {
  return {.accepted = {.file = "accept.yaml", .entries = std::move(entries)}};
}

TEST(Gate, LetsASkillPassThatDoesNothing) {
  const GateResult result = pass(quiet(), {});
  EXPECT_TRUE(result.passed);
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.failures, IsEmpty());
}

TEST(Gate, AsksForThePercentageOfLinesThatRan) {
  AuditBuilder audit = quiet();
  audit.evidence.skill.files = {{"run.sh", 0755}};
  audit.evidence.skill.texts.push_back({"run.sh", "echo a\nfalse && echo b\n", false, true});
  EXPECT_THAT(pass(audit, {.policy = {.coverage = 50}}).failures,
              ElementsAre("the lines that ran were not measured (this audit did not measure them); "
                          "required: 50 % or more"));
  audit.evidence.lines = {true, "", {{"run.sh", {{1, 1}}, {}}}};
  EXPECT_TRUE(pass(audit, {.policy = {.coverage = 50}}).passed);
  const GateResult result = pass(audit, {.policy = {.coverage = 50.5}});
  EXPECT_THAT(result.failures, ElementsAre("50 % of the lines ran; required: 50.5 % or more"));
  EXPECT_EQ(result.exit_code, 1);
}

TEST(Gate, RefusesWhatIsNotApprovedWithTheCodeOfItsVerdict) {
  const GateResult review = pass(contacting({"evil.example"}), {});
  EXPECT_FALSE(review.passed);
  EXPECT_EQ(review.exit_code, 1);
  EXPECT_THAT(review.failures, ElementsAre("the verdict is NEEDS_REVIEW; required: APPROVED"));
  EXPECT_THAT(review.reasons, Contains(HasSubstr("network.unexpected-host")));

  AuditBuilder blind = quiet();
  blind.evidence.gaps.push_back(Gap::lost(GapSource::Flows, "the proxy died"));
  const GateResult inconclusive = pass(blind, {});
  EXPECT_EQ(inconclusive.exit_code, 3);
  EXPECT_THAT(inconclusive.reasons, Contains(HasSubstr("the proxy died")));
}

TEST(Gate, LetsThroughWhatItsPolicySays) {
  GateRules rules;
  rules.policy.verdicts = {Verdict::Approved, Verdict::NeedsReview};
  EXPECT_EQ(pass(contacting({"evil.example"}), rules).exit_code, 0);
  rules.policy.grade = Grade::B;
  const GateResult result = pass(contacting({"evil.example"}), rules);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.failures, ElementsAre("the grade is C; required: B or better"));
}

TEST(Gate, AsksForScoresByAxis) {
  GateRules rules;
  rules.policy.scores[static_cast<std::size_t>(Axis::Cleanliness)] = 95;
  AuditBuilder audit = quiet();
  audit.added(testing::regular("/tmp/left.txt"));
  EXPECT_THAT(pass(audit, rules).failures, ElementsAre("cleanliness is 90; required: 95 or more"));
}

TEST(Gate, RefusesAnAxisThatWasNotAssessedWhereAScoreIsWanted) {
  GateRules rules;
  rules.policy.verdicts = {Verdict::Approved, Verdict::Inconclusive};
  rules.policy.scores[static_cast<std::size_t>(Axis::Execution)] = 0;
  AuditBuilder audit = quiet();
  audit.evidence.execution.steps[0].ran = false;
  EXPECT_THAT(pass(audit, rules).failures,
              ElementsAre("execution is not assessed; required: 0 or more"));
}

TEST(Gate, TakesAnAcceptedFindingOutOfTheCount) {
  const GateResult result =
      pass(contacting({"api.example.org"}), accepting({accept("network.unexpected-host")}));
  EXPECT_TRUE(result.passed);
  EXPECT_EQ(result.in_force.verdict, Verdict::Approved);
  ASSERT_EQ(result.findings.size(), 1u);
  EXPECT_EQ(result.findings[0].standing, Standing::Accepted);
  EXPECT_EQ(result.findings[0].reason, "looked at");
  EXPECT_EQ(result.findings[0].until, "2027-01-31");
}

TEST(Gate, CountsAFindingWhoseAcceptanceExpiredAndSaysSo) {
  const GateRules rules = accepting({accept("network.unexpected-host", "", "2026-11-21")});
  const GateResult result = pass(contacting({"api.example.org"}), rules);
  EXPECT_FALSE(result.passed);
  EXPECT_THAT(stale_acceptances(rules.accepted, {result}, kToday),
              ElementsAre("accept.yaml:3: the acceptance of network.unexpected-host expired on "
                          "2026-11-21: review the finding again, or have it fixed"));
}

TEST(Gate, TellsOfAnAcceptanceThatNothingNeeds) {
  const GateRules rules = accepting({accept("cron.added")});
  EXPECT_THAT(stale_acceptances(rules.accepted, {pass(quiet(), rules)}, kToday),
              ElementsAre(HasSubstr("cron.added is not needed")));
}

TEST(Gate, LeavesAcceptancesForOtherSkillsAlone) {
  GateRules rules = accepting({accept("cron.added")});
  rules.accepted.entries[0].skill = "another";
  EXPECT_THAT(stale_acceptances(rules.accepted, {pass(quiet(), rules)}, kToday), IsEmpty());
}

TEST(Gate, DoesNotLetAnAcceptedHostCarryAnotherOneThrough) {
  const GateRules rules = accepting({accept("network.unexpected-host", "https://api.example.org")});
  const GateResult result = pass(contacting({"api.example.org", "evil.example"}), rules);
  EXPECT_FALSE(result.passed);
  EXPECT_THAT(result.failures, Contains(HasSubstr("NEEDS_REVIEW")));
}

TEST(Gate, DoesNotLetAnAcceptanceStandInForMissingEvidence) {
  AuditBuilder audit = contacting({"api.example.org"});
  audit.evidence.gaps.push_back(Gap::lost(GapSource::Trace, "the trace ended early"));
  const GateResult result = pass(audit, accepting({accept("network.unexpected-host")}));
  EXPECT_EQ(result.exit_code, 3);
}

TEST(Gate, TakesTheSeverityThatItsPolicyGivesARule) {
  GateRules rules;
  rules.policy.rules = {{"network.unexpected-host", Severity::Medium, "we look at hosts"}};
  EXPECT_TRUE(pass(contacting({"api.example.org"}), rules).passed);

  rules.policy.rules = {{"network.unexpected-host", Severity::Critical, "none of ours"}};
  const GateResult raised = pass(contacting({"api.example.org"}), rules);
  EXPECT_EQ(raised.in_force.verdict, Verdict::Rejected);
  EXPECT_EQ(raised.exit_code, 2);
  EXPECT_EQ(raised.findings[0].severity, Severity::Critical);
  EXPECT_EQ(raised.findings[0].reason, "none of ours");
}

TEST(Gate, LeavesOutARuleThatIsOff) {
  GateRules rules;
  rules.policy.rules = {{"network.unexpected-host", std::nullopt, "no network here"}};
  const GateResult result = pass(contacting({"api.example.org"}), rules);
  EXPECT_TRUE(result.passed);
  EXPECT_EQ(result.findings[0].standing, Standing::Off);
}

TEST(Gate, LowersARuleThatNeedsAReviewWhateverItsClass) {
  AuditBuilder audit = quiet();
  audit.evidence.execution.steps[0].timed_out = true;
  EXPECT_EQ(pass(audit, {}).exit_code, 1);
  GateRules rules;
  rules.policy.rules = {{"execution.hang", Severity::Low, "it is a server"}};
  EXPECT_EQ(pass(audit, rules).in_force.verdict, Verdict::Approved);
}

TEST(Gate, FailsFromTheSeverityThatItsPolicyNames) {
  GateRules rules;
  rules.policy.fail_from = Severity::Medium;
  AuditBuilder audit = quiet();
  audit.added(testing::regular("/tmp/left.txt"));
  EXPECT_THAT(pass(audit, rules).failures,
              ElementsAre(StartsWith("MEDIUM files.temp-left: Temporary files")));
  rules.policy.fail_from = Severity::High;
  EXPECT_TRUE(pass(audit, rules).passed);
}

TEST(Gate, RefusesAHostThatItsPolicyDoesNotName) {
  GateRules rules;
  rules.policy.verdicts = {Verdict::Approved, Verdict::NeedsReview};
  rules.policy.hosts = {"api.example.org", "*.example.com"};
  EXPECT_TRUE(pass(contacting({"api.example.org", "a.b.example.com"}), rules).passed);
  EXPECT_THAT(
      pass(contacting({"api.example.org", "example.com", "evilexample.com"}), rules).failures,
      ElementsAre(HasSubstr("https://evilexample.com"), HasSubstr("https://example.com")));
  AuditBuilder odd_port = quiet();
  Flow flow = AuditBuilder::request("GET", "api.example.org", "/");
  flow.port = 8443;
  odd_port.add(flow);
  EXPECT_THAT(pass(odd_port, rules).failures, ElementsAre(HasSubstr("api.example.org:8443")));
}

TEST(Gate, TakesNoNameForAnAllowedHostThatOnlyEndsLikeOne) {
  GateRules rules;
  rules.policy.verdicts = {Verdict::Approved, Verdict::NeedsReview};
  rules.policy.hosts = {"api.example.org"};
  AuditBuilder audit = quiet();
  audit.evidence.wire.names.push_back(
      {.name = "stolen data api.example.org", .type = "A", .count = 1});
  EXPECT_THAT(pass(audit, rules).failures,
              ElementsAre(HasSubstr("name stolen data api.example.org")));
}

TEST(Gate, ExcusesAFindingThatIsAboutAllowedHostsAlone) {
  GateRules rules;
  rules.policy.hosts = {"api.example.org"};
  const GateResult result = pass(contacting({"api.example.org"}), rules);
  EXPECT_TRUE(result.passed);
  EXPECT_EQ(result.findings[0].standing, Standing::Allowed);
}

TEST(Gate, DoesNotExcusePlainHttpToAnAllowedHost) {
  GateRules rules;
  rules.policy.hosts = {"api.example.org"};
  rules.policy.fail_from = Severity::Low;
  AuditBuilder audit = quiet();
  Flow flow = AuditBuilder::request("GET", "api.example.org", "/");
  flow.scheme = "http";
  flow.port = 80;
  flow.allowed = true;
  audit.add(flow);
  EXPECT_THAT(pass(audit, rules).failures, ElementsAre(HasSubstr("network.plain-http")));
}

TEST(Gate, FlipsWhenASkillStartsToContactAHostAndNamesIt) {
  GateRules rules;
  rules.policy.verdicts = {Verdict::Approved, Verdict::NeedsReview};
  rules.baseline = release(contacting({"api.example.org"}));
  EXPECT_TRUE(pass(contacting({"api.example.org"}), rules).passed);
  const GateResult result = pass(contacting({"api.example.org", "evil.example"}), rules);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.failures, Contains("new host: https://evil.example"));
}

TEST(Gate, FlipsOnADocumentedHostAsWell) {
  GateRules rules;
  AuditBuilder before = quiet();
  before.document("Talks to api.example.org.\n");
  rules.baseline = release(before);
  AuditBuilder after = before;
  Flow flow = AuditBuilder::request("GET", "api.example.org", "/");
  flow.allowed = true;
  after.add(flow);
  EXPECT_THAT(pass(after, rules).failures, ElementsAre("new host: https://api.example.org"));
}

TEST(Gate, NamesNewPackagesAndPersistence) {
  GateRules rules;
  rules.policy.verdicts = {Verdict::Approved, Verdict::NeedsReview, Verdict::Rejected};
  rules.baseline = release(quiet());
  AuditBuilder after = quiet();
  after.package("jq", {"jq"}).unit("evil.service").cron("* * * * * evil");
  after.added(testing::regular(testing::kHome + "/.bashrc.d/x"));
  after.written(testing::kHome + "/.bashrc");
  EXPECT_THAT(
      pass(after, rules).failures,
      AllOf(Contains("new package: dpkg jq"), Contains("new persistence: unit system/evil.service"),
            Contains("new persistence: cron ubuntu: * * * * * evil"),
            Contains("new persistence: file /home/ubuntu/.bashrc")));
}

TEST(Gate, TellsOfAScoreThatFell) {
  GateRules rules;
  rules.baseline = release(quiet());
  AuditBuilder after = quiet();
  after.added(testing::regular("/tmp/left.txt"));
  EXPECT_THAT(pass(after, rules).failures,
              AllOf(Contains("cleanliness fell from 100 to 90"),
                    Contains(HasSubstr("new finding: MEDIUM files.temp-left"))));
}

TEST(Gate, FailsOnTheKindsOfNewsAloneThatItsPolicyNames) {
  GateRules rules;
  rules.baseline = release(quiet());
  rules.policy.fail_on_new = {"hosts"};
  AuditBuilder after = quiet();
  after.added(testing::regular("/tmp/left.txt"));
  EXPECT_TRUE(pass(after, rules).passed);
}

TEST(Gate, HoldsNothingNewAgainstAReleaseThatGotBetter) {
  GateRules rules;
  rules.baseline = release(contacting({"api.example.org"}));
  const GateResult result = pass(quiet(), rules);
  EXPECT_TRUE(result.passed);
  EXPECT_THAT(result.since->gone, Not(IsEmpty()));
}

TEST(Gate, TakesAFindingThatWasAcceptedForNoNews) {
  GateRules rules = accepting({accept("files.temp-left")});
  rules.baseline = release(quiet());
  AuditBuilder after = quiet();
  after.added(testing::regular("/tmp/left.txt"));
  EXPECT_TRUE(pass(after, rules).passed);
}

TEST(Gate, TakesNamesThatAreDrawnInEachRunForNoNews) {
  GateRules rules;
  rules.policy.fail_on_new = {"findings"};
  AuditBuilder before = quiet();
  before.added(testing::regular("/tmp/tmp.Ab3dEf9x"));
  AuditBuilder after = quiet();
  after.added(testing::regular("/tmp/tmp.Zq8rTy1w"));
  rules.baseline = release(before);
  EXPECT_TRUE(pass(after, rules).passed);
}

TEST(Gate, RefusesTheBaselineOfAnotherSkill) {
  GateRules rules;
  rules.baseline = release(quiet());
  rules.baseline->skill = "another";
  try {
    (void)pass(quiet(), rules);
    FAIL() << "nothing was refused";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Skill);
    EXPECT_THAT(error.what(),
                HasSubstr("for the skill another, but the audit is for the skill example"));
  }
}

TEST(Gate, SaysThatABaselineWithoutWholeEvidenceCannotTell) {
  AuditBuilder blind = quiet();
  blind.evidence.gaps.push_back(Gap::lost(GapSource::Flows, "the proxy died"));
  GateRules rules;
  rules.baseline = release(blind);
  EXPECT_THAT(pass(quiet(), rules).notes, ElementsAre(HasSubstr("the baseline is INCONCLUSIVE")));
}

}  // namespace
}  // namespace skillaudit
