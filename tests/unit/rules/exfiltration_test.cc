#include <gmock/gmock.h>

#include "tests/unit/analysis/trace_builder.h"

namespace skillaudit {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::kHome;
using testing::TraceBuilder;

std::vector<std::string> exfiltrations(const testing::AuditBuilder& audit) {
  std::vector<std::string> rules;
  for (const Finding& finding : audit.assessed().findings)
    if (finding.rule.starts_with("exfiltration."))
      rules.push_back(finding.rule + " " + std::string(name_of(finding.severity)));
  return rules;
}

struct Sent : TraceBuilder {
  Sent() {
    evidence.canaries = {{"documents/cv.md", kHome + "/documents/cv.md", "n1"},
                         {"projects/x/a.py", kHome + "/projects/x/a.py", "n2"}};
    flow.id = 7;
    flow.kind = "http";
    flow.method = "POST";
    flow.scheme = "https";
    flow.host = "share.example";
    flow.port = 443;
    flow.path = "/new";
    flow.request_body = "bodies/7.bin";
    evidence.flows = {flow};
    document("Puts a text on `share.example`.\n");
  }
  Sent& carries(const std::string& file) {
    evidence.canary_sightings.push_back({file, source::flow(7), "body", "raw in gzip"});
    return *this;
  }
  Flow flow;
};

TEST(DocumentsSent, APersonalDocumentRejectsAndIsNamedWithItsRequest) {
  Sent audit;
  audit.carries("documents/cv.md");
  EXPECT_THAT(exfiltrations(audit), ElementsAre("exfiltration.document CRITICAL"));
  EXPECT_EQ(audit.assessed().verdict, Verdict::Rejected);
  for (const Finding& finding : audit.assessed().findings) {
    if (finding.rule != "exfiltration.document") continue;
    EXPECT_EQ(finding.title,
              "Personal documents were sent out: `~/documents/cv.md` by "
              "`POST https://share.example/new`");
  }
}

TEST(DocumentsSent, AProjectsSourceNeedsReview) {
  Sent audit;
  audit.carries("projects/x/a.py");
  EXPECT_THAT(exfiltrations(audit), ElementsAre("exfiltration.source HIGH"));
}

TEST(DocumentsSent, WhatAnAgentTellsItsModelIsFree) {
  Sent audit;
  audit.carries("documents/cv.md");
  audit.evidence.flows[0].allowed = true;
  audit.evidence.flows[0].group = "model";
  EXPECT_THAT(exfiltrations(audit), IsEmpty());
}

TEST(DocumentsSent, AnUploadWithoutADocumentIsFree) {
  EXPECT_THAT(exfiltrations(Sent()), IsEmpty());
}

struct Disguised : TraceBuilder {
  Disguised() {
    evidence.trace.began_at = 1000;
    document("Checks modes with `api.example`.\n");
    fork(kShell, 101).exec(101, kShell, {"cat", "x"});
  }
  Disguised& secret(const std::string& path) {
    reads(101, path);
    return *this;
  }
  /// `bytes` that nothing explains in the body, so many seconds after the trace began.
  Disguised& sends(std::size_t bytes, double after_s) {
    Flow flow = request("POST", "api.example", "/v1");
    flow.time = 1000 + after_s;
    flow.request_body = "bodies/1.bin";
    add(flow);
    evidence.unexplained.push_back({source::flow(1), "body", "\x8f\x01", bytes});
    return *this;
  }
};

TEST(Unexplained, DataThatNothingExplainsAfterASecretNeedsReview) {
  Disguised audit;
  audit.secret(kHome + "/.ssh/id_ed25519").sends(700, 60);
  EXPECT_THAT(exfiltrations(audit), ElementsAre("exfiltration.unexplained HIGH"));
}

TEST(Unexplained, TheSameBeforeTheSecretOrWithoutOneIsFree) {
  Disguised before;
  before.sends(700, 0.1).now = 30;
  before.secret(kHome + "/.ssh/id_ed25519");
  EXPECT_THAT(exfiltrations(before), IsEmpty());
  EXPECT_THAT(exfiltrations(Disguised().sends(700, 60)), IsEmpty());
}

TEST(Unexplained, AVersionOrATimeIsNoSecret) {
  Disguised audit;
  audit.secret(kHome + "/.ssh/id_ed25519").sends(15, 60);
  EXPECT_THAT(exfiltrations(audit), IsEmpty());
}

TEST(Unexplained, APersonalDocumentCountsAndAProjectsFileDoesNot) {
  for (const bool personal : {true, false}) {
    Disguised audit;
    const std::string name = personal ? "notes/ideas.md" : "projects/x/README.md";
    audit.evidence.canaries = {{name, kHome + "/" + name, "n"}};
    audit.at(TraceKind::DocumentRead, 101, kHome + "/" + name);
    audit.sends(700, 60);
    EXPECT_EQ(exfiltrations(audit).size(), personal ? 1U : 0U) << name;
  }
}

TEST(Unexplained, ANetrcThatCurlIsToldToReadCounts) {
  Disguised audit;
  audit.fork(TraceBuilder::kShell, 102)
      .exec(102, TraceBuilder::kShell, {"curl", "-n", "https://api.example"});
  audit.reads(102, kHome + "/.netrc");
  audit.sends(40, 60);
  EXPECT_THAT(exfiltrations(audit), ElementsAre("exfiltration.unexplained HIGH"));
}

}  // namespace
}  // namespace skillaudit
