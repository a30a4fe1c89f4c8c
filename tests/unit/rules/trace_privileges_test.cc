#include <gmock/gmock.h>

#include "tests/unit/analysis/trace_builder.h"
#include "tests/unit/rules/findings_of.h"

namespace skillaudit {
namespace {

using ::testing::ElementsAre;
using testing::first;
using testing::found;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::kHome;
using testing::regular;
using testing::TraceBuilder;

TEST(TraceRules, SudoIsNoEscalationAndACopyOfTheShellIs) {
  TraceBuilder honest;
  honest.fork(100, 101).exec(101, 100, {"sudo", "id"}, 1000, 0);
  honest.fork(101, 102).exec(102, 101, {"id"}, 0);
  EXPECT_THAT(found(honest), IsEmpty());

  TraceBuilder thief;
  thief.fork(100, 101).exec(101, 100, {"/tmp/sh", "-p"}, 1000, 0);
  const Finding finding = first(thief, "privilege.escalation");
  EXPECT_THAT(finding.evidence[0].text,
              HasSubstr("through /tmp/sh, which was not setuid root before"));
  EXPECT_EQ(thief.assessed().verdict, Verdict::Rejected);
}

TEST(TraceRules, AProcessThatIsSuddenlyRootIsAnEscalation) {
  TraceBuilder audit;
  audit.fork(100, 101).exec(101, 100, {"/home/ubuntu/exploit"});
  audit.fork(101, 102).exec(102, 101, {"id"}, 0);
  EXPECT_THAT(found(audit), ElementsAre("privilege.escalation CRITICAL"));
  // The record of sudo may be among those that are lost.
  audit.evidence.trace.lost = 1;
  EXPECT_THAT(found(audit), ElementsAre("tampering.evidence-flooded HIGH"));
}

TEST(TraceRules, AStepsShellThatBecomesRootByItselfIsAnEscalation) {
  TraceBuilder audit;
  audit.exec(100, TraceBuilder::kSession, {"/tmp/exploit"});
  audit.exec(100, TraceBuilder::kSession, {"id"}, 0);
  EXPECT_THAT(found(audit), ElementsAre("privilege.escalation CRITICAL"));
}

TEST(TraceRules, ASessionOfRootIsRoot) {
  TraceBuilder audit;
  audit.evidence.trace.events.clear();
  audit.exec(100, TraceBuilder::kSession, {"bash", "x.sh"}, 0);
  audit.fork(100, 101).exec(101, 100, {"id"}, 0);
  EXPECT_THAT(found(audit), IsEmpty());
}

TEST(TraceRules, ASetuidBitThatWasTakenBackIsStillFound) {
  TraceBuilder audit;
  audit.at(TraceKind::SetId, 100, "/tmp/sh", "fchmodat");
  EXPECT_THAT(found(audit), ElementsAre("permissions.setuid HIGH"));
  TraceBuilder stays;
  stays.at(TraceKind::SetId, 100, "/opt/x", "fchmodat");
  stays.changes.new_setuid = {regular("/opt/x", 1, 04755, 1000)};
  EXPECT_EQ(found(stays).size(), 1U);  // by the rule of the comparison
  TraceBuilder capable;
  capable.at(TraceKind::SetId, 100, "/opt/x", "setxattr");
  EXPECT_THAT(found(capable), IsEmpty());  // which only root can
  capable.exec(100, TraceBuilder::kSession, {"sudo", "x"}, 1000, 0);
  capable.fork(100, 101).exec(101, 100, {"/usr/sbin/setcap", "cap_setuid+ep", "/opt/x"}, 0);
  capable.at(TraceKind::SetId, 101, "/opt/x", "setxattr");
  EXPECT_THAT(found(capable), IsEmpty());                // the states show that it has none
  capable.evidence.after.missing = {Table::Attributes};  // a bundle of before
  EXPECT_THAT(found(capable), ElementsAre("privilege.capability HIGH"));
}

TEST(TraceRules, ADebuggerMayAttachToWhatTheSkillStarted) {
  TraceBuilder audit;
  audit.fork(100, 101).fork(100, 102);
  audit.aims(TraceKind::Ptrace, 101, 102, "ptrace");
  EXPECT_THAT(found(audit), IsEmpty());
  audit.aims(TraceKind::Ptrace, 101, 777, "process_vm_writev");
  EXPECT_THAT(found(audit), ElementsAre("evasion.process-injection HIGH"));
}

TEST(TraceRules, AProgramFromMemoryIsFoundAndOneInSharedMemoryIsNot) {
  for (const char* program : {"/memfd:x (deleted)", "/dev/shm/x (deleted)", "/tmp/y (deleted)"})
    EXPECT_THAT(found(TraceBuilder().fork(100, 101).exec(101, 100, {program})),
                ElementsAre("evasion.fileless-program CRITICAL"))
        << program;
  EXPECT_THAT(found(TraceBuilder().fork(100, 101).exec(101, 100, {"/dev/shm/x"})), IsEmpty());
}

TEST(TraceRules, NamespacesIoUringAndTheClock) {
  const auto called = [](TraceKind kind, const std::string& program, const char* syscall,
                         std::uint32_t uid = 1000) {
    TraceBuilder audit;
    if (uid == 0) audit.exec(100, 50, {"sudo", "x"}, 1000, 0);
    audit.exec(100, TraceBuilder::kSession, {program}, uid);
    audit.event(kind, 100).syscall = syscall;
    return audit;
  };
  EXPECT_THAT(found(called(TraceKind::Namespace, "unshare", "unshare")),
              ElementsAre("evasion.namespace MEDIUM"));
  EXPECT_THAT(found(called(TraceKind::Namespace, "unshare", "unshare")
                        .document("Runs the build with `unshare`.\n")),
              IsEmpty());
  EXPECT_THAT(found(called(TraceKind::IoUring, "/opt/x", "io_uring_setup")),
              ElementsAre("evasion.io-uring MEDIUM"));
  EXPECT_THAT(found(called(TraceKind::IoUring, "node", "io_uring_setup")), IsEmpty());
  EXPECT_THAT(found(called(TraceKind::IoUring, "/tmp/node", "io_uring_setup")),
              ElementsAre("evasion.io-uring MEDIUM"));
  EXPECT_THAT(found(called(TraceKind::Clock, "date", "clock_settime", 0)),
              ElementsAre("evasion.clock-changed HIGH"));
  EXPECT_THAT(found(called(TraceKind::Clock, "ntpq", "adjtimex")), IsEmpty());
}

TEST(TraceRules, PersistenceThatCameAndWentIsFound) {
  TraceBuilder audit;
  audit.at(TraceKind::Persist, 100, kHome + "/.bashrc");
  EXPECT_THAT(found(audit), ElementsAre("persistence.shell-startup HIGH"));
  EXPECT_THAT(found(audit.document("Adds itself to ~/.bashrc for a moment.\n")), IsEmpty());
  TraceBuilder stays;
  stays.at(TraceKind::Persist, 100, kHome + "/.bashrc").written(kHome + "/.bashrc");
  EXPECT_THAT(found(stays), ElementsAre("persistence.shell-startup HIGH"));
  TraceBuilder relative;
  relative.at(TraceKind::Persist, 100, "/etc/profile.d", "openat");
  relative.evidence.trace.events.back().paths.emplace_back("x.sh");
  EXPECT_THAT(found(relative), ElementsAre("persistence.system-startup CRITICAL"));
  TraceBuilder known_hosts;
  known_hosts.at(TraceKind::Persist, 100, kHome + "/.ssh/known_hosts");
  EXPECT_THAT(found(known_hosts), IsEmpty());
}

TEST(TraceRules, WhatIsWrittenUnderAnotherNameFirstIsJudgedByItsLastName) {
  TraceBuilder audit;
  audit.document("Adds a cron job to your crontab.\n").cron("@daily x");
  audit.added(regular("/var/spool/cron/crontabs/ubuntu"));
  audit.at(TraceKind::Persist, 100, "/var/spool/cron/crontabs/tmp.8fJ2");
  const std::vector<std::string> with = found(audit);
  audit.evidence.trace.events.pop_back();
  EXPECT_EQ(with, found(audit));
}

TEST(TraceRules, CodeForTheKernelIsFoundUnlessItIsTheSystemsOwn) {
  TraceBuilder audit;
  audit.exec(100, TraceBuilder::kSession, {"sudo", "x"}, 1000, 0);
  audit.fork(100, 101).exec(101, 100, {"/usr/bin/kmod", "x"}, 0);
  audit.evidence.trace.events.back().arguments = {"modprobe", "tun"};
  audit.event(TraceKind::KernelCode, 101).syscall = "finit_module";
  EXPECT_THAT(found(audit), IsEmpty());
  audit.evidence.trace.events[audit.evidence.trace.events.size() - 2].arguments = {"insmod",
                                                                                   "/tmp/a.ko"};
  EXPECT_THAT(found(audit), ElementsAre("persistence.kernel-module CRITICAL"));
}

}  // namespace
}  // namespace skillaudit
