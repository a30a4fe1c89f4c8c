// A host that the audit itself gave as an argument is no choice of the skill's.
#include "harness/evidence/given_host.h"

#include <gmock/gmock.h>

#include "tests/unit/analysis/evidence_builder.h"

namespace skillaudit {
namespace {

using testing::AuditBuilder;

/// A step was called with an address, and asked `host`, which is blocked.
AuditBuilder asks(const std::string& host, bool ours) {
  AuditBuilder audit;
  Step& step = audit.evidence.execution.steps[0];
  step.command = "python3 -c \"m.title('https://example.com/')\"";
  step.tentative = ours;
  audit.evidence.flows.push_back(
      {.id = 1, .kind = "http", .method = "GET", .scheme = "https", .host = host, .port = 443});
  return audit;
}

TEST(GivenHost, IsNoHostOfTheSkills) {
  EXPECT_EQ(asks("example.com", true).assessed().verdict, Verdict::Approved);
}

TEST(GivenHost, IsTheSkillsWhereTheAuditDidNotGiveIt) {
  EXPECT_EQ(asks("example.com", false).assessed().verdict, Verdict::NeedsReview);
  EXPECT_EQ(asks("a.example.com", true).assessed().verdict, Verdict::NeedsReview);
  EXPECT_EQ(asks("other.example", true).assessed().verdict, Verdict::NeedsReview);
}

}  // namespace
}  // namespace skillaudit
