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

TEST(Boot, TheUdevOfTheInitramfsIsTheMachinesAndWhoeverTakesItsNameLaterIsNot) {
  const auto udev = [](std::int64_t pid, std::int64_t parent, std::uint64_t start) {
    return ProcessEntry{.pid = pid,
                        .parent = parent,
                        .start_time = start,
                        .path = "/usr/bin/udevadm (deleted)",
                        .command_line = {"/lib/systemd/systemd-udevd", "--daemon"}};
  };
  AuditBuilder audit = booted();
  auto& processes = audit.evidence.boot.state.processes;
  processes.push_back({.pid = 200,
                       .parent = 1,
                       .start_time = 500,
                       .path = "/usr/lib/systemd/systemd-journald",
                       .command_line = {"journald"}});
  processes.push_back(udev(120, 1, 100));
  processes.push_back(udev(121, 120, 510));
  const auto told = Contains(HasSubstr("persistence.runs-at-boot"));
  EXPECT_THAT(findings(audit.evidence), Not(told));
  processes.push_back(udev(300, 1, 600));
  EXPECT_THAT(findings(audit.evidence), told);
}

TEST(Boot, NumbersInWhatADaemonSaysOfItselfAreOfTheMoment) {
  const auto daemon = [](std::vector<std::string> words) {
    return ProcessEntry{
        .pid = 90, .parent = 1, .path = "/usr/sbin/sshd", .command_line = std::move(words)};
  };
  const auto found_at_boot = [&](const ProcessEntry& process) {
    AuditBuilder audit = booted();
    audit.evidence.before.processes.push_back(
        daemon({"sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups"}));
    audit.evidence.boot.state.processes.push_back(process);
    return findings(audit.evidence);
  };
  const auto told = Contains(HasSubstr("persistence.runs-at-boot"));
  EXPECT_THAT(found_at_boot(daemon({"sshd: /usr/sbin/sshd -D [listener] 1 of 10-100 startups"})),
              Not(told));
  EXPECT_THAT(
      found_at_boot(daemon({"sshd: /usr/sbin/sshd -D [listener] 12 of 10-100 startups", ""})),
      Not(told));
  // Other words, another program, and words that nobody wrote over are something else.
  EXPECT_THAT(
      found_at_boot(daemon({"sshd: /usr/sbin/sshd -D -p 22 [listener] 0 of 10-100 startups"})),
      told);
  EXPECT_THAT(found_at_boot(daemon({"/usr/sbin/sshd", "-D", "-p", "2222"})), told);
  ProcessEntry other = daemon({"sshd: /usr/sbin/sshd -D [listener] 1 of 10-100 startups"});
  other.path = "/opt/sshd";
  EXPECT_THAT(found_at_boot(other), told);
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
