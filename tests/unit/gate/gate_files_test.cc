#include <gmock/gmock.h>

#include "harness/base/error.h"
#include "harness/gate/acceptances.h"
#include "harness/gate/calendar_day.h"
#include "harness/gate/policy.h"

namespace skillaudit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

std::string complaint(auto&& read) {
  try {
    read();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Usage);
    return error.what();
  }
  return "nothing was refused";
}
std::string refused_policy(const std::string& text) {
  return complaint([&] { (void)load_gate_policy(text, "gate.yaml", shipped_rubric()); });
}
std::string refused_acceptances(const std::string& text) {
  return complaint([&] { (void)load_acceptances(text, "accept.yaml", shipped_rubric()); });
}

TEST(GatePolicy, LetsApprovedSkillsPassAndAsksNothingElseByDefault) {
  const GatePolicy policy = load_gate_policy("schema_version: 1\n", "gate.yaml", shipped_rubric());
  EXPECT_THAT(policy.verdicts, ElementsAre(Verdict::Approved));
  EXPECT_FALSE(policy.grade || policy.overall || policy.fail_from || policy.hosts);
  EXPECT_THAT(policy.rules, IsEmpty());
}

TEST(GatePolicy, HoldsWhatItsFileSays) {
  const GatePolicy policy = load_gate_policy(R"(schema_version: 1
verdicts: [APPROVED, NEEDS_REVIEW]
grade: B
scores: {overall: 85, security: 100}
coverage: 80
fail_from: HIGH
hosts: [api.example.org, "*.Example.com", "x.example:8443"]
capabilities: {persistence: [], reads: ["~/.ssh/config"]}
fail_on_new: [hosts, scores]
rules:
  - {rule: files.temp-left, severity: HIGH, reason: our runners are shared}
  - {rule: documentation.format, off: true, reason: a linter does it}
)",
                                             "gate.yaml", shipped_rubric());
  EXPECT_THAT(policy.verdicts, ElementsAre(Verdict::Approved, Verdict::NeedsReview));
  EXPECT_EQ(policy.grade, Grade::B);
  EXPECT_EQ(policy.overall, 85);
  EXPECT_EQ(policy.scores[2], 100);
  EXPECT_FALSE(policy.scores[0]);
  EXPECT_EQ(policy.coverage, 80);
  EXPECT_EQ(policy.fail_from, Severity::High);
  EXPECT_THAT(policy.hosts.value(),
              ElementsAre("api.example.org", "*.example.com", "x.example:8443"));
  EXPECT_THAT(policy.fail_on_new.value(), ElementsAre("hosts", "scores"));
  EXPECT_THAT(policy.capabilities.at(CapabilityKind::Persistence), IsEmpty());
  EXPECT_THAT(policy.capabilities.at(CapabilityKind::Read), ElementsAre("~/.ssh/config"));
  ASSERT_EQ(policy.rules.size(), 2u);
  EXPECT_EQ(policy.rules[0].rule, "files.temp-left");
  EXPECT_EQ(policy.rules[0].severity, Severity::High);
  EXPECT_EQ(policy.rules[0].line, 11);
  EXPECT_FALSE(policy.rules[1].severity);
}

TEST(GatePolicy, NamesTheNearestKeyRuleAndWord) {
  EXPECT_EQ(refused_policy("schema_version: 1\ngrades: B\n"),
            "gate.yaml:2:1: unknown key `grades` in the policy: did you mean `grade`?");
  EXPECT_EQ(refused_policy("schema_version: 1\nrules:\n  - {rule: files.temp-lef, off: true, "
                           "reason: x}\n"),
            "gate.yaml:3:12: unknown rule `files.temp-lef`: did you mean `files.temp-left`?");
  EXPECT_EQ(refused_policy("schema_version: 1\ngrade: E\n"),
            "gate.yaml:2:8: `grade` is `E`: give one of A, B, C, D, F");
  EXPECT_THAT(
      refused_policy("schema_version: 1\ncapabilities: {reeds: []}\n"),
      StartsWith("gate.yaml:2:16: a kind of `capabilities` is `reeds`: give one of packages, "));
  EXPECT_THAT(
      refused_policy("schema_version: 1\nfail_on_new: [host]\n"),
      StartsWith("gate.yaml:2:15: an item of `fail_on_new` is `host`: give one of hosts, "));
  EXPECT_THAT(refused_policy("schema_version: 1\nverdicts: [PASS]\n"),
              StartsWith("gate.yaml:2:12: a verdict is `PASS`: give one of APPROVED, "));
}

TEST(GatePolicy, RefusesWhatCouldMeanTwoThings) {
  EXPECT_THAT(refused_policy(""), HasSubstr("the file is empty"));
  EXPECT_THAT(refused_policy("grade: B\n"), HasSubstr("`schema_version` is missing"));
  EXPECT_THAT(refused_policy("schema_version: 2\n"), HasSubstr("this skillaudit reads version 1"));
  EXPECT_THAT(refused_policy("schema_version: 1\nverdicts: []\n"), HasSubstr("nothing could pass"));
  EXPECT_THAT(refused_policy("schema_version: 1\nscores: {security: 101}\n"),
              HasSubstr("gate.yaml:2:20: `security` must be a number from 0 to 100"));
  EXPECT_THAT(refused_policy("schema_version: 1\nscores: {security: .nan}\n"),
              HasSubstr("must be a number"));
  EXPECT_THAT(refused_policy("schema_version: 1\nhosts: ['https://x.example/']\n"),
              HasSubstr("is not a host name"));
  EXPECT_THAT(refused_policy("schema_version: 1\nhosts: ['*']\n"), HasSubstr("is not a host name"));
  EXPECT_THAT(refused_policy("schema_version: 1\nhosts: ['a.*.example']\n"),
              HasSubstr("is not a host name"));
  EXPECT_THAT(refused_policy("schema_version: 1\nrules: [{rule: cron.added, off: true}]\n"),
              HasSubstr("has no `reason`"));
  EXPECT_THAT(refused_policy("schema_version: 1\nrules: [{rule: cron.added, reason: x}]\n"),
              HasSubstr("either `severity: …` or `off: true`"));
  EXPECT_THAT(refused_policy("schema_version: 1\nrules: [{rule: cron.added, off: true, severity: "
                             "LOW, reason: x}]\n"),
              HasSubstr("either `severity: …` or `off: true`"));
  EXPECT_THAT(refused_policy("schema_version: 1\nrules:\n- {rule: cron.added, off: true, reason: "
                             "x}\n- {rule: cron.added, severity: LOW, reason: x}\n"),
              HasSubstr("gate.yaml:4:3: the rule `cron.added` is given twice"));
  EXPECT_THAT(refused_policy("schema_version: 1\ngrade: [B\n"), HasSubstr("broken YAML"));
}

TEST(GatePolicy, HasNoHostAtAllForAnEmptyList) {
  const GatePolicy policy =
      load_gate_policy("schema_version: 1\nhosts: []\n", "gate.yaml", shipped_rubric());
  ASSERT_TRUE(policy.hosts);
  EXPECT_THAT(*policy.hosts, IsEmpty());
}

const char* const kAccepted = R"(schema_version: 1
accept:
  - rule: network.unexpected-host
    skill: notes
    what: https://api.example.org
    reason: asks for the weather
    expires: 2027-01-31
)";

TEST(Acceptances, HoldWhatTheirFileSays) {
  const Acceptances accepted = load_acceptances(kAccepted, "accept.yaml", shipped_rubric());
  EXPECT_EQ(accepted.file, "accept.yaml");
  ASSERT_EQ(accepted.entries.size(), 1u);
  const Acceptance& entry = accepted.entries[0];
  EXPECT_EQ(entry.rule, "network.unexpected-host");
  EXPECT_EQ(entry.skill, "notes");
  EXPECT_EQ(entry.what, "https://api.example.org");
  EXPECT_EQ(entry.reason, "asks for the weather");
  EXPECT_EQ(entry.expires, "2027-01-31");
  EXPECT_EQ(entry.line, 3);
}

TEST(Acceptances, NeedAReasonAndADayThatExists) {
  EXPECT_THAT(refused_acceptances("schema_version: 1\naccept:\n- {rule: cron.added, expires: "
                                  "2027-01-31}\n"),
              HasSubstr("accept.yaml:3:3: the acceptance has no `reason`"));
  EXPECT_THAT(refused_acceptances("schema_version: 1\naccept:\n- {rule: cron.added, reason: x}\n"),
              HasSubstr("has no `expires`"));
  for (const char* day : {"2027-02-29", "tomorrow", "2027-1-31", "2027-01-31T00:00:00Z"})
    EXPECT_THAT(refused_acceptances(std::string("schema_version: 1\naccept:\n- {rule: cron.added, "
                                                "reason: x, expires: '") +
                                    day + "'}\n"),
                HasSubstr("give a date such as 2027-01-31"));
  EXPECT_THAT(refused_acceptances("schema_version: 1\naccept:\n- {rule: cron.added, reason: ' ', "
                                  "expires: 2027-01-31}\n"),
              HasSubstr("the `reason` of the acceptance is empty"));
  EXPECT_THAT(refused_acceptances("schema_version: 1\naccept:\n- {rule: cron.added, until: x}\n"),
              HasSubstr("unknown key `until` in an acceptance"));
  EXPECT_THAT(refused_acceptances("schema_version: 1\naccept: 7\n"), HasSubstr("must be a list"));
}

Finding finding(std::vector<std::string> subjects, std::size_t unnamed = 0) {
  return {.rule = "network.unexpected-host", .subjects = std::move(subjects), .unnamed = unnamed};
}

Acceptance entry(const std::string& what, const std::string& skill = {}) {
  return {.rule = "network.unexpected-host", .skill = skill, .what = what};
}

TEST(Acceptances, SpeakOfAFindingByItsRuleSkillAndOffender) {
  EXPECT_TRUE(speaks_of(entry("https://a.example"), finding({"https://a.example"}), "notes"));
  EXPECT_TRUE(speaks_of(entry("https://*"), finding({"https://a.example"}), "notes"));
  EXPECT_TRUE(speaks_of(entry(""), finding({"https://a.example"}), "notes"));
  EXPECT_FALSE(speaks_of(entry("https://b.example"), finding({"https://a.example"}), "notes"));
  EXPECT_FALSE(speaks_of(entry("", "other"), finding({"https://a.example"}), "notes"));
  Finding other = finding({"https://a.example"});
  other.rule = "network.plain-http";
  EXPECT_FALSE(speaks_of(entry(""), other, "notes"));
}

TEST(Acceptances, DoNotCoverAnOffenderThatStandsBesideTheAcceptedOne) {
  EXPECT_FALSE(speaks_of(entry("https://a.example"),
                         finding({"https://a.example", "https://evil.example"}), "notes"));
}

TEST(Acceptances, DoNotCoverOffendersThatTheFindingOnlyCounts) {
  EXPECT_FALSE(speaks_of(entry("https://a.example"), finding({"https://a.example"}, 1), "notes"));
  EXPECT_TRUE(speaks_of(entry(""), finding({"https://a.example"}, 1), "notes"));
}

TEST(Acceptances, HoldOnTheirLastDayAndNotAfterIt) {
  Acceptance accepted = entry("");
  accepted.expires = "2027-01-31";
  EXPECT_FALSE(is_expired(accepted, "2027-01-31"));
  EXPECT_TRUE(is_expired(accepted, "2027-02-01"));
}

TEST(CalendarDay, IsADayThatTheCalendarHas) {
  EXPECT_TRUE(is_calendar_day("2028-02-29"));
  for (const char* text : {"", "2027-02-29", "2027-13-01", "2027-00-10", "27-01-31", "2027/01/31",
                           "2027-01-3x", "+027-01-31"})
    EXPECT_FALSE(is_calendar_day(text)) << text;
  EXPECT_TRUE(is_calendar_day(today()));
}

}  // namespace
}  // namespace skillaudit
