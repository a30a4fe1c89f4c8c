// What a policy says of what a release can do, beside its findings.
#include <gmock/gmock.h>

#include "harness/gate/gate.h"
#include "tests/unit/analysis/trace_builder.h"

namespace skillaudit {
namespace {

using ::skillaudit::testing::AuditBuilder;
using ::skillaudit::testing::TraceBuilder;
using ::testing::Contains;
using ::testing::HasSubstr;

GateResult pass(const AuditBuilder& audit, const GateRules& rules) {
  GateRules today = rules;
  today.today = "2026-11-22";
  return pass_gate(audit.evidence, audit.assessed(), shipped_rubric(), today);
}

TEST(Gate, FailsOnACapabilityThatItsPolicyDoesNotAllow) {
  AuditBuilder audit;
  audit.unit("notes.timer");
  GateRules rules;
  rules.policy.verdicts = {Verdict::Approved, Verdict::NeedsReview, Verdict::Rejected};
  rules.policy.capabilities[CapabilityKind::Persistence] = {"unit system/notes.*"};
  EXPECT_TRUE(pass(audit, rules).passed);
  rules.policy.capabilities[CapabilityKind::Persistence] = {"file *"};
  EXPECT_THAT(pass(audit, rules).failures,
              Contains("persistence: unit system/notes.timer is not in the policy's "
                       "`capabilities`"));
}

TEST(Gate, TellsOfANewCommandAndFailsWhereItIsAskedTo) {
  TraceBuilder after;
  after.exec(101, TraceBuilder::kShell, {"curl", "--version"});
  GateRules rules;
  const TraceBuilder before;
  rules.baseline = release_of(before.evidence, before.assessed());
  EXPECT_TRUE(pass(after, rules).passed);
  EXPECT_THAT(pass(after, rules).notes, Contains(HasSubstr("now runs curl")));
  rules.policy.fail_on_new = {"runs"};
  EXPECT_THAT(pass(after, rules).failures, Contains(HasSubstr("now runs curl")));
}

}  // namespace
}  // namespace skillaudit
