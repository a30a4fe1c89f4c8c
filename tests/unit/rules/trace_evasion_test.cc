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

TEST(TraceRules, WhoAsksForTheKindOfMachineIsFound) {
  TraceBuilder audit;
  audit.fork(100, 101).exec(101, 100, {"systemd-detect-virt"});
  audit.at(TraceKind::MachineRead, 101, "/sys/class/dmi/id/sys_vendor");
  EXPECT_THAT(found(audit), ElementsAre("evasion.machine-detection MEDIUM"));
  EXPECT_THAT(found(audit.document("Asks `systemd-detect-virt` for the kind of machine.\n")),
              IsEmpty());
  for (const char* text : {"It never runs `systemd-detect-virt`.\n",
                           "<!-- Runs `systemd-detect-virt`. -->\n", "systemd-detect-virtual\n"}) {
    TraceBuilder denied = audit;
    denied.evidence.skill.texts.clear();
    EXPECT_THAT(found(denied.document(text)), ElementsAre("evasion.machine-detection MEDIUM"))
        << text;
  }
  TraceBuilder by_hand;
  by_hand.at(TraceKind::MachineRead, 100, "/sys/class/dmi/id/sys_vendor");
  EXPECT_THAT(found(by_hand), ElementsAre("evasion.machine-detection MEDIUM"));
  TraceBuilder honest;
  honest.fork(100, 101).exec(101, 100, {"lscpu"});
  honest.at(TraceKind::MachineRead, 101, "/sys/hypervisor/properties");
  EXPECT_THAT(found(honest), IsEmpty());
}

TEST(TraceRules, ALongSleepIsOneThatWasSlept) {
  TraceBuilder audit;
  audit.fork(100, 101).exec(101, 100, {"sleep", "2m"});
  audit.now += 120;
  audit.exit(101);
  const Finding finding = first(audit, "evasion.long-sleep");
  EXPECT_THAT(finding.title, HasSubstr("for 120 s"));
  TraceBuilder killed;
  killed.fork(100, 101).exec(101, 100, {"sleep", "300"}).exit(101);
  EXPECT_THAT(found(killed), IsEmpty());
  TraceBuilder brief;
  brief.fork(100, 101).exec(101, 100, {"sleep", "30"});
  brief.now += 30;
  EXPECT_THAT(found(brief.exit(101)), IsEmpty());
}

TEST(TraceRules, AStepThatRestsIsAWaitToo) {
  TraceBuilder audit;
  audit.evidence.execution.steps[0].duration_s = 100;
  for (int i = 0; i < 200; ++i)
    audit.evidence.machine.samples.push_back({.time_s = i * 0.5, .cpus = 0.01});
  EXPECT_THAT(found(audit), ElementsAre("evasion.long-sleep MEDIUM"));
  TraceBuilder waits_for_network = audit;
  for (std::size_t i = 0; i < 200; ++i)
    waits_for_network.evidence.machine.samples[i].network_bytes = i * 1000;
  EXPECT_THAT(found(waits_for_network), IsEmpty());
  TraceBuilder works = audit;
  for (ResourceSample& sample : works.evidence.machine.samples) sample.cpus = 0.9;
  EXPECT_THAT(found(works), IsEmpty());
}

TEST(TraceRules, ALogThatWasCutAndPutBackIsFound) {
  TraceBuilder audit;
  audit.at(TraceKind::LogCut, 100, "/var/log/syslog", "truncate");
  EXPECT_THAT(found(audit), ElementsAre("tampering.log-cleared CRITICAL"));
  TraceBuilder history;
  history.was(regular(kHome + "/.bash_history"));
  history.at(TraceKind::LogCut, 100, kHome + "/.bash_history", "openat");
  EXPECT_THAT(found(history), IsEmpty());
  history.at(TraceKind::LogCut, 100, kHome + "/.bash_history", "unlinkat");
  EXPECT_THAT(found(history), ElementsAre("tampering.log-cleared CRITICAL"));
  TraceBuilder own;
  own.at(TraceKind::LogCut, 100, "/var/log/own.log", "openat");
  EXPECT_THAT(found(own), IsEmpty());
  TraceBuilder vacuum;
  vacuum.fork(100, 101).exec(101, 100, {"sudo", "journalctl", "--vacuum-time=1s"}, 1000, 0);
  vacuum.exec(101, 100, {"journalctl", "--vacuum-time=1s"}, 0);
  vacuum.at(TraceKind::LogCut, 101, "/var/log/journal/ab/system@1.journal", "unlinkat");
  EXPECT_THAT(found(vacuum), ElementsAre("tampering.log-cleared CRITICAL"));
  TraceBuilder rotation;
  rotation.fork(100, 101).exec(101, 100, {"/usr/sbin/logrotate", "x"});
  rotation.at(TraceKind::LogCut, 101, "/var/log/syslog", "rename");
  EXPECT_THAT(found(rotation), IsEmpty());
}

TEST(TraceRules, APackageManagerWritesItsOwnLogsAnew) {
  TraceBuilder audit;
  audit.document("Needs jq.\n").package("jq", {"jq"}).script("jq . x\n");
  audit.was(regular("/var/log/apt/eipp.log.xz", 1, 0644, 0));
  audit.fork(100, 101).exec(101, 100, {"sudo", "apt-get", "install", "jq"}, 1000, 0);
  audit.exec(101, 100, {"apt-get", "install", "jq"}, 0);
  audit.at(TraceKind::LogCut, 101, "/var/log/apt/eipp.log.xz");
  audit.fork(101, 102).exec(102, 101, {"systemd-detect-virt"}, 0);
  EXPECT_THAT(found(audit), IsEmpty());
  audit.at(TraceKind::LogCut, 101, "/var/log/syslog", "unlink");
  EXPECT_THAT(found(audit), ElementsAre("tampering.log-cleared CRITICAL"));
}

TEST(TraceRules, WhoeverTurnsOnTheWitnessIsNamed) {
  TraceBuilder killer;
  killer.aims(TraceKind::Kill, 100, TraceBuilder::kReader, "kill");
  EXPECT_THAT(first(killer, "tampering.witness-silenced").title, HasSubstr("`scripts/run.sh`"));
  TraceBuilder refused;  // the kernel did not let it
  refused.aims(TraceKind::Kill, 100, TraceBuilder::kReader, "kill");
  refused.evidence.trace.events.back().success = false;
  EXPECT_THAT(found(refused), IsEmpty());
  TraceBuilder other;  // a process of its own, by descriptor
  other.aims(TraceKind::Kill, 100, 101, "pidfd_send_signal");
  EXPECT_THAT(found(other), IsEmpty());
  other.aims(TraceKind::Kill, 100, TraceBuilder::kReader, "pidfd_send_signal");
  EXPECT_THAT(found(other), ElementsAre("tampering.witness-silenced CRITICAL"));
  TraceBuilder nameless;
  nameless.event(TraceKind::AuditConfig, 0).detail = "op=set audit_enabled=0";
  EXPECT_THAT(found(nameless), ElementsAre("tampering.witness-silenced CRITICAL"));
  nameless.evidence.trace.events.back().login_uid = 4294967295U;  // the audit itself
  EXPECT_THAT(found(nameless), IsEmpty());
  TraceBuilder rules;
  rules.event(TraceKind::AuditConfig, 100).detail = "op=remove_rule";
  rules.evidence.trace.events.back().success = false;
  EXPECT_THAT(found(rules), ElementsAre("tampering.witness-silenced CRITICAL"));
  TraceBuilder silent;
  silent.evidence.trace.silenced = "nothing came for 10 s";
  silent.evidence.execution.steps[0].duration_s = 3;
  silent.evidence.machine.events = {{2.5, "VSERPORT_CHANGE", "trace closed"},
                                    {3.5, "VSERPORT_CHANGE", "trace closed"}};  // the end
  EXPECT_EQ(first(silent, "tampering.witness-silenced").evidence.size(), 2U);
}

TEST(TraceRules, AFloodIsNamedByWhatIsMissing) {
  TraceBuilder audit;
  audit.evidence.trace.lost = 12;
  audit.evidence.trace.malformed = 1;
  const Finding finding = first(audit, "tampering.evidence-flooded");
  EXPECT_EQ(finding.evidence[0].text, "12 events that the kernel could not keep");
  EXPECT_EQ(finding.evidence[1].text, "1 invalid record");
}

}  // namespace
}  // namespace skillaudit
