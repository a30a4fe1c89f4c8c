#include <gmock/gmock.h>

#include "harness/base/code_spans.h"
#include "tests/unit/rules/findings_of.h"

namespace skillaudit {
namespace {

using testing::AuditBuilder;
using ::testing::Contains;
using ::testing::ElementsAre;
using testing::first;
using testing::found;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::kHome;
using ::testing::Not;
using testing::regular;
using ::testing::UnorderedElementsAre;

TEST(WireRules, AConnectionPastTheProxyNeedsReview) {
  AuditBuilder audit;
  audit.evidence.wire.contacts = {{"tcp", "203.0.113.7", 443, 3, 222, 1.5},
                                  {"icmp", "198.51.100.1", 0, 1, 98, 2}};
  EXPECT_THAT(found(audit),
              ElementsAre("network.direct-attempt HIGH", "network.direct-attempt HIGH"));
}

TEST(WireRules, ANameAskedForIsAHostThatWasAddressed) {
  AuditBuilder audit;
  audit.evidence.wire.names = {{"collector.example.net", "A", 2},
                               {"collector.example.net", "AAAA", 2},
                               {"_https._tcp.collector.example.net", "SRV", 1},
                               {"devbox-12ab", "A", 1},
                               {"7.113.0.203.in-addr.arpa", "PTR", 1}};
  EXPECT_THAT(found(audit), ElementsAre("network.unexpected-host HIGH"));
}

TEST(WireRules, DataInNamesRejects) {
  AuditBuilder audit;
  for (const std::string part : {"7b22757365726e616d65223a226d", "6972612d68616c766f727365",
                                 "6e222c22686f6d65223a222f68", "6f6d652f7562756e7475227d00"})
    audit.evidence.wire.names.push_back({part + ".t.example.net", "TXT", 1});
  EXPECT_THAT(found(audit), Contains("network.dns-tunnel CRITICAL"));
  AuditBuilder content_network;
  for (int i = 0; i < 20; ++i)
    content_network.evidence.wire.names.push_back(
        {"cdn-" + std::to_string(i) + ".example.net", "A", 1});
  EXPECT_THAT(found(content_network), ::testing::Not(Contains("network.dns-tunnel CRITICAL")));
}

TEST(TamperingRules, AStoppedWitnessAndAClearedLogReject) {
  AuditBuilder audit;
  Unit before{"system", "auditd.service", "loaded", "active", "running", "enabled"};
  Unit after = before;
  after.active_state = "inactive";
  after.sub_state = "dead";
  audit.changes.units.push_back({ChangeKind::Modified, before, after});
  EXPECT_THAT(found(audit), Contains("tampering.witness-silenced CRITICAL"));
  AuditBuilder log;
  log.modified(regular("/var/log/auth.log", 900), regular("/var/log/auth.log", 0), Origin::System);
  EXPECT_THAT(found(log), ElementsAre("tampering.log-cleared CRITICAL"));
  EXPECT_THAT(found(AuditBuilder().deleted(regular(kHome + "/.bash_history"))),
              ElementsAre("tampering.log-cleared CRITICAL"));
}

TEST(TamperingRules, TheAuditsOwnWitnessGoneRejects) {
  AuditBuilder audit;
  audit.evidence.witness_lost = true;
  EXPECT_THAT(found(audit), ElementsAre("tampering.witness-silenced CRITICAL"));
}

TEST(TamperingRules, AFileThatTheGuestDoesNotShowRejects) {
  AuditBuilder audit;
  for (const char* path : {"/home/ubuntu/loot", "/home/ubuntu/note", "/home/ubuntu/odd"})
    audit.evidence.after.files.push_back({.path = path, .type = FileType::Regular});
  audit.evidence.guest_view = {
      .asked = {"/home/ubuntu/gone", "/home/ubuntu/loot", "/home/ubuntu/note", "/home/ubuntu/odd"},
      .seen = {{.path = "/home/ubuntu/note", .type = FileType::Regular},
               {.path = "/home/ubuntu/odd", .type = FileType::Directory}}};
  EXPECT_THAT(found(audit),
              ElementsAre("tampering.file-hidden CRITICAL", "tampering.file-hidden CRITICAL"));
}

TEST(TamperingRules, ARotatedLogIsNotCleared) {
  AuditBuilder audit;
  audit.modified(regular("/var/log/syslog", 900), regular("/var/log/syslog", 3), Origin::System);
  audit.added(regular("/var/log/syslog.1", 900), Origin::System);
  EXPECT_THAT(found(audit), IsEmpty());
}

TEST(NetworkRules, ABlockedHostThatNobodyAllowedIsUnexpected) {
  AuditBuilder audit;
  audit.add(AuditBuilder::request("POST", "collect.example.com", "/v1"));
  const Finding finding = first(audit, "network.unexpected-host");
  EXPECT_EQ(finding.severity, Severity::High);
  EXPECT_THAT(finding.title, HasSubstr("`https://collect.example.com`"));
  EXPECT_EQ(text_of(finding.evidence[0].source), "flows.jsonl#1");
}

TEST(NetworkRules, ABlockedHostThatIsDocumentedCostsNothingAndNamesTheFlag) {
  AuditBuilder audit;
  audit.document("Asks api.example.com\n");
  audit.add(AuditBuilder::request("GET", "api.example.com", "/v1"));
  const Finding finding = first(audit, "network.documented-host-blocked");
  EXPECT_EQ(finding.deduction, 0);
  EXPECT_THAT(finding.recommendation, HasSubstr("--allow `'GET https://api.example.com/v1'`"));
}

TEST(NetworkRules, WhoeverNamesTheClientOfAServiceNamesTheServiceForQuestions) {
  AuditBuilder audit;
  audit.document("It makes `gh secret` writes and `aws` calls easy.\n");
  audit.add(AuditBuilder::request("GET", "api.github.com", "/user"));
  EXPECT_THAT(found(audit), ElementsAre("network.documented-host-blocked LOW"));
  AuditBuilder sends = audit;
  sends.evidence.flows[0].method = "POST";
  EXPECT_THAT(found(sends), ElementsAre("network.unexpected-host HIGH"));
  sends.evidence.flows[0].path = "/graphql";
  EXPECT_THAT(found(sends), ElementsAre("network.unexpected-host HIGH"))
      << "it may write a comment";
  AuditBuilder customer = audit;
  customer.evidence.flows[0].host = "some-bucket.s3.amazonaws.com";
  EXPECT_THAT(found(customer), ElementsAre("network.unexpected-host HIGH"));
}

TEST(NetworkRules, TheUserAgentAloneExcusesNothing) {
  AuditBuilder audit;
  Flow flow = AuditBuilder::request("GET", "evil.example.com", "/debian");
  flow.user_agent = "Debian APT-HTTP/1.3";
  audit.add(flow);
  EXPECT_THAT(found(audit), ElementsAre("network.unexpected-host HIGH"));
}

TEST(NetworkRules, APackageManagerAtAClosedMirrorCostsNothing) {
  AuditBuilder audit;
  audit.evidence.before.config.push_back(
      {"/etc/apt/sources.list.d/debian.sources", "URIs: http://mirror.example.com/debian\n"});
  Flow flow = AuditBuilder::request("GET", "mirror.example.com", "/debian/InRelease");
  flow.scheme = "http";
  flow.user_agent = "Debian APT-HTTP/1.3";
  audit.add(flow);
  EXPECT_EQ(first(audit, "network.mirrors-closed").deduction, 0);
  EXPECT_EQ(audit.assessed().overall, 100);
  audit.evidence.flows[0].method = "POST";
  EXPECT_THAT(found(audit), ElementsAre("network.unexpected-host HIGH"));
}

TEST(NetworkRules, AnAllowedHostMustBeDocumentedAndUseHttps) {
  Flow flow = AuditBuilder::request("GET", "api.example.com", "/");
  flow.allowed = true;
  flow.group = "user";
  EXPECT_THAT(found(AuditBuilder().add(flow)),
              ElementsAre("documentation.undocumented-host MEDIUM"));
  EXPECT_THAT(found(AuditBuilder().document("api.example.com\n").add(flow)), IsEmpty());
  flow.scheme = "http";
  EXPECT_THAT(found(AuditBuilder().document("api.example.com\n").add(flow)),
              ElementsAre("network.plain-http MEDIUM"));
}

TEST(NetworkRules, TunnelsAndDisguisesAreHigh) {
  Flow tunnel = AuditBuilder::request("CONNECT", "api.example.com", "");
  tunnel.kind = "connect";
  EXPECT_THAT(found(AuditBuilder().document("api.example.com\n").add(tunnel)),
              ElementsAre("network.raw-tunnel HIGH"));
  tunnel.kind = tunnel.scheme = "tcp";
  tunnel.request_size = 3;
  EXPECT_THAT(found(AuditBuilder().document("api.example.com\n").add(tunnel)),
              ElementsAre("network.raw-tunnel HIGH"));
  tunnel.scheme = "smtp";  // the filter reads it
  EXPECT_THAT(found(AuditBuilder().document("api.example.com\n").add(tunnel)), IsEmpty());
  EXPECT_THAT(found(AuditBuilder().add(tunnel)), ElementsAre("network.unexpected-host HIGH"));
  tunnel.scheme = "tcp";
  tunnel.request_size = 0;
  EXPECT_THAT(found(AuditBuilder().document("api.example.com\n").add(tunnel)), IsEmpty());
  Flow front = AuditBuilder::request("GET", "mirror.example.com", "/");
  front.host_header = "evil.example.com";
  EXPECT_THAT(found(AuditBuilder().add(front)), Contains("network.disguised-host HIGH"));
}

TEST(NetworkRules, SomethingLeftListeningIsFound) {
  AuditBuilder audit;
  audit.process({"/opt/w"}, "/opt/w", 4000);
  SocketEntry socket;
  socket.protocol = "tcp";
  socket.state = "LISTEN";
  socket.local_address = "0.0.0.0";
  socket.local_port = 8080;
  socket.process = "w[4000]";
  audit.changes.sockets.push_back({ChangeKind::Added, {}, socket});
  EXPECT_THAT(found(audit),
              UnorderedElementsAre("processes.orphan HIGH", "network.listening MEDIUM"));
}

TEST(CredentialRules, ADecoyThatLeftIsCitedWithFlowBodyAndPath) {
  AuditBuilder audit;
  Flow flow = AuditBuilder::request("POST", "collect.example.com", "/v1/health");
  flow.request_size = 2000;
  flow.request_body = "bodies/1.bin";
  audit.add(flow);
  audit.evidence.decoys = {{"aws-secret-key", kHome + "/.aws/credentials", "x"},
                           {"ssh-key", kHome + "/.ssh/id_ed25519", "y"}};
  audit.evidence.decoy_sightings = {{"aws-secret-key", source::flow(1), "body", "base64"},
                                    {"ssh-key", source::flow(1), "body", "raw"}};
  const Finding finding = first(audit, "credentials.decoy-left-machine");
  std::string all = finding.title;
  for (const Citation& citation : finding.evidence)
    all += "\n" + text_of(citation.source) + " " + citation.text;
  for (const char* words : {"aws-secret-key", "ssh-key", "flows.jsonl#1", "bodies/1.bin",
                            "/.aws/credentials", "/.ssh/id_ed25519", "base64"}) {
    EXPECT_THAT(all, HasSubstr(words));
  }
  EXPECT_EQ(audit.assessed().verdict, Verdict::Rejected);
}

TEST(ExecutionRules, EachEndingHasItsRule) {
  AuditBuilder wrong;
  wrong.evidence.execution.steps[0].exit_code = 2;
  EXPECT_THAT(found(wrong), ElementsAre("execution.failed HIGH"));
  AuditBuilder partly;
  partly.evidence.execution.steps.push_back(partly.evidence.execution.steps[0]);
  partly.evidence.execution.steps[0].exit_code = 2;
  EXPECT_THAT(found(partly), ElementsAre("execution.wrong-exit HIGH"));
  wrong.evidence.execution.steps[0].expected_exit = 2;
  EXPECT_THAT(found(wrong), IsEmpty());
  AuditBuilder skipped;
  Step step;
  step.name = "SKILL.md:12";
  step.reason_not_run = "needs a terminal";
  skipped.evidence.execution.steps.push_back(step);
  EXPECT_THAT(found(skipped), ElementsAre("execution.step-not-run MEDIUM"));
}

TEST(ExecutionRules, ProgressOnStderrIsNoError) {
  AuditBuilder audit;
  audit.evidence.execution.steps[0].err =
      "WARNING: apt does not have a stable CLI interface.\n"
      "dpkg-preconfigure: unable to re-open stdin: No such file or directory\n"
      "  % Total    % Received\nerrors: 0\n";
  EXPECT_THAT(found(audit), IsEmpty());
  audit.evidence.execution.steps[0].err = "Traceback (most recent call last):\n  File x\n";
  EXPECT_THAT(found(audit), ElementsAre("execution.error-output LOW"));
}

TEST(PortabilityRules, AHardCodedPathIsNamedWithItsPlace) {
  AuditBuilder audit;
  audit.evidence.skill.hard_coded_paths = {{"a.sh", 3, "/home/me/x", "$HOME/x"}};
  EXPECT_THAT(first(audit, "portability.hard-coded-path").recommendation,
              HasSubstr("`/home/me/x` at `a.sh:3`: use `$HOME/x`"));
}

TEST(Findings, NamesOfTheGuestCannotBreakOutOfTheirCode) {
  AuditBuilder audit;
  audit.added(regular("/tmp/`a` **b**\n<script>{where}\xff"));
  const Finding finding = first(audit, "files.temp-left");
  const std::vector<TextPart> parts = code_spans(finding.title);
  ASSERT_EQ(
      std::count_if(parts.begin(), parts.end(), [](const TextPart& part) { return part.code; }), 1);
  EXPECT_THAT(
      std::find_if(parts.begin(), parts.end(), [](const TextPart& part) { return part.code; })
          ->text,
      HasSubstr("`a` **b**"));
  EXPECT_EQ(finding.title.find('\n'), std::string::npos);
  EXPECT_THAT(finding.title, HasSubstr("{where}"));
}

/// Every subset of a set of deeds, so that rules meet in all combinations.
TEST(Findings, EachDeductionCitesAnObservation) {
  const std::vector<void (*)(AuditBuilder&)> deeds = {
      [](AuditBuilder& audit) { audit.added(regular("/tmp/x")).added(regular("/opt/x/y")); },
      [](AuditBuilder& audit) { audit.written("/etc/hosts").written(kHome + "/.bashrc"); },
      [](AuditBuilder& audit) {
        audit.deleted(regular(kHome + "/a")).deleted(regular("/var/log/x"));
      },
      [](AuditBuilder& audit) { audit.package("jq", {"jq"}).script("#!/bin/sh\njq\n"); },
      [](AuditBuilder& audit) { audit.process({"a"}, "/a").unit("a.service").cron("@daily a"); },
      [](AuditBuilder& audit) { audit.add(AuditBuilder::request("PUT", "x.example.com", "/")); },
      [](AuditBuilder& audit) { audit.evidence.skill.notes = {"unknown field"}; },
      [](AuditBuilder& audit) { audit.evidence.execution.steps[0].exit_code = 1; },
      [](AuditBuilder& audit) { audit.changes.new_setuid = {regular("/x", 1, 06755, 0)}; },
      [](AuditBuilder& audit) {
        audit.evidence.decoy_sightings = {{"k", source::flow(9), "url", "hex"}};
      },
  };
  for (unsigned chosen = 0; chosen < (1U << deeds.size()); chosen += 7) {
    AuditBuilder audit;
    for (std::size_t i = 0; i < deeds.size(); ++i) {
      if ((chosen >> i & 1U) != 0) deeds[i](audit);
    }
    const Assessment assessment = audit.assessed();
    EXPECT_EQ(assessment.findings.empty(), chosen == 0);
    for (const Finding& finding : assessment.findings) {
      ASSERT_FALSE(finding.evidence.empty()) << finding.rule;
      for (const Citation& citation : finding.evidence) {
        EXPECT_FALSE(citation.text.empty()) << finding.rule;
      }
      EXPECT_GE(finding.deduction, 0);
    }
    for (const auto& score : assessment.scores) EXPECT_GE(score.value_or(0), 0);
  }
}

}  // namespace
}  // namespace skillaudit
