#include <gmock/gmock.h>

#include "harness/analysis/assess.h"
#include "tests/unit/analysis/evidence_builder.h"

namespace skillaudit {
namespace {

using skillaudit::testing::AuditBuilder;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> findings(const Evidence& evidence) {
  std::vector<std::string> told;
  for (const Finding& finding : assess(evidence, shipped_rubric()).findings)
    told.push_back(finding.rule + ": " + finding.title);
  return told;
}

/// A machine that booted again, with systemd alone.
AuditBuilder booted() {
  AuditBuilder audit;
  const ProcessEntry init{.pid = 1,
                          .name = "systemd",
                          .path = "/usr/lib/systemd/systemd",
                          .command_line = {"/sbin/init"}};
  audit.evidence.before.processes = {init};
  audit.evidence.after.processes = {init};
  audit.evidence.boot = {.because = {"/etc/systemd/system/x.service"},
                         .made = true,
                         .came_up = true,
                         .state = {.processes = {init}}};
  return audit;
}

TEST(Boot, ThatShowsNothingNewIsNoFinding) {
  EXPECT_THAT(findings(booted().evidence), Not(Contains(HasSubstr("boot"))));
}

TEST(Boot, TellsWhatRunsThatDidNotRunBeforeWithItsChildren) {
  AuditBuilder audit = booted();
  auto& processes = audit.evidence.boot.state.processes;
  processes.push_back(
      {.pid = 300, .parent = 1, .path = "/usr/bin/dash", .command_line = {"/bin/sh", "/opt/x.sh"}});
  processes.push_back(
      {.pid = 301, .parent = 300, .path = "/usr/bin/sleep", .command_line = {"sleep", "9"}});
  // The system's own workers come as they are needed; the kernel's have no program.
  processes.push_back(
      {.pid = 302, .parent = 1, .path = "/usr/bin/udevadm", .command_line = {"(udev-worker)"}});
  processes.push_back({.pid = 303, .parent = 2, .name = "kworker"});
  EXPECT_THAT(findings(audit.evidence),
              Contains(AllOf(HasSubstr("persistence.runs-at-boot"), HasSubstr("/opt/x.sh"))));
  EXPECT_THAT(findings(audit.evidence), Not(Contains(HasSubstr("sleep 9"))));
  EXPECT_THAT(findings(audit.evidence), Not(Contains(HasSubstr("udev"))));
}

TEST(Boot, ThatFailsRejects) {
  AuditBuilder audit = booted();
  audit.evidence.boot.came_up = false;
  audit.evidence.boot.problem = "the guest does not answer";
  const Assessment assessment = assess(audit.evidence, shipped_rubric());
  EXPECT_EQ(assessment.verdict, Verdict::Rejected);
  EXPECT_THAT(findings(audit.evidence), Contains(HasSubstr("system.unbootable")));
}

TEST(Boot, ThatWasNotAskedForIsNoFinding) {
  AuditBuilder audit = booted();
  audit.evidence.boot = {.because = {"/etc/x"}, .problem = "the machine was to be kept"};
  EXPECT_THAT(findings(audit.evidence), Not(Contains(HasSubstr("boot"))));
}

}  // namespace
}  // namespace skillaudit
