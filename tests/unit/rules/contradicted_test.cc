// What a skill does although its documents deny it.
#include <gmock/gmock.h>

#include "tests/unit/analysis/evidence_builder.h"

namespace skillaudit {
namespace {

using testing::AuditBuilder;
using testing::kHome;
using testing::regular;

bool is_contradicted(const AuditBuilder& audit) {
  const auto findings = audit.assessed().findings;
  return std::any_of(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.rule == "documentation.contradicted";
  });
}

AuditBuilder deleting(const std::string& document) {
  AuditBuilder audit;
  audit.deleted(regular(kHome + "/notes/today.md")).document(document);
  return audit;
}

TEST(Contradicted, WhatTheSkillSaysThatItNeverDeletes) {
  const AuditBuilder audit = deleting("The skill never deletes `~/notes/today.md`.\n");
  EXPECT_TRUE(is_contradicted(audit));
  EXPECT_EQ(audit.assessed().verdict, Verdict::Rejected);  // and nothing of it is excused
}

TEST(Contradicted, NotByWhatTheAgentIsTold) {
  EXPECT_FALSE(is_contradicted(deleting("Never delete `~/notes/today.md` yourself.\n")));
  EXPECT_FALSE(is_contradicted(deleting("The skill deletes `~/notes/today.md`.\n")));
  EXPECT_FALSE(is_contradicted(deleting("The skill never deletes `~/notes/other.md`.\n")));
}

TEST(Contradicted, ByAHostThatIsAskedAlthoughNoneIs) {
  AuditBuilder audit;
  audit.add(AuditBuilder::request("GET", "api.example.org", "/"));
  EXPECT_FALSE(is_contradicted(audit));
  audit.document("It never sends anything to `api.example.org`.\n");
  EXPECT_TRUE(is_contradicted(audit));
  audit.document("* **Hosted API**: Has no network access and no packages\n");
  EXPECT_FALSE(is_contradicted(audit)) << "it speaks of something else";
  audit.document("* **This skill**: Has no network access\n");
  EXPECT_TRUE(is_contradicted(audit));
}

TEST(Contradicted, NotByWhatAnAgentSaysToItsModel) {
  AuditBuilder audit;
  audit.document("It uses no network.\n");
  Flow flow = AuditBuilder::request("POST", "api.anthropic.com", "/v1/messages");
  flow.allowed = true;
  flow.group = "model";
  audit.add(flow);
  EXPECT_FALSE(is_contradicted(audit));
  flow.group = "user";
  audit.add(flow);
  EXPECT_TRUE(is_contradicted(audit));
}

}  // namespace
}  // namespace skillaudit
