#include <gmock/gmock.h>

#include "changes_sample.h"

namespace skillaudit {
namespace {

using namespace sample;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<std::int64_t> added_processes(const Changes& changes) {
  std::vector<std::int64_t> pids;
  for (const auto& change : changes.processes) {
    if (change.kind == ChangeKind::Added) pids.push_back(change.after.pid);
  }
  return pids;
}

ProcessEntry of_capture(ProcessEntry process) {
  process.of_capture = true;
  return process;
}

TEST(Changes, AreNotSeenInATableThatOneSnapshotLacks) {
  Evidence evidence;
  evidence.before.users = {{.username = "root"}};
  evidence.before.kernel_modules = {"loop"};
  evidence.before.cron = {{.source = "/etc/crontab", .user = "root", .line = "@daily true"}};
  evidence.after.missing = {Table::Cron, Table::Users};
  const auto changes = compare(evidence);
  EXPECT_THAT(changes.users, IsEmpty());
  EXPECT_THAT(changes.cron, IsEmpty());
  EXPECT_THAT(changes.kernel_modules, SizeIs(1));
}

TEST(ChangedProcesses, AreToldApartByPidAndStartTime) {
  Evidence evidence;
  evidence.before.processes = {process(10, 1, "/usr/sbin/cron", 5), process(20, 1, "/a", 6)};
  evidence.after.processes = {process(10, 1, "/usr/sbin/cron", 5), process(20, 1, "/b", 7)};
  const auto changes = compare(evidence);
  ASSERT_THAT(changes.processes, SizeIs(2));
  EXPECT_EQ(changes.processes[0].kind, ChangeKind::Deleted);
  EXPECT_EQ(changes.processes[0].before.path, "/a");
  EXPECT_EQ(changes.processes[1].kind, ChangeKind::Added);
  EXPECT_EQ(changes.processes[1].after.path, "/b");
}

TEST(ChangedProcesses, LeaveOutKernelThreadsAndTheAuditsSession) {
  Evidence evidence;
  evidence.before.processes = {of_capture(process(800, 400, "/usr/sbin/sshd")),
                               process(801, 800, "/usr/lib/openssh/sftp-server")};
  evidence.after.processes = {process(55, 2, ""),
                              of_capture(process(900, 400, "/usr/sbin/sshd")),
                              of_capture(process(901, 900, "/usr/bin/sudo")),
                              process(902, 900, "/usr/lib/openssh/sftp-server"),
                              process(903, 900, "/usr/bin/bash"),
                              process(904, 1, "/home/u/find")};
  const auto changes = compare(evidence);
  EXPECT_THAT(added_processes(changes), ElementsAre(903, 904))
      << "a step's shell that still runs, and an orphan, are the skill's";
  EXPECT_THAT(changes.processes, SizeIs(2));
}

TEST(ChangedProcesses, LeaveOutUdevsWorkersButNotTheirImitations) {
  const auto daemon = process(300, 1, "/usr/bin/udevadm");
  Evidence evidence;
  evidence.before.processes = {daemon};
  evidence.after.processes = {daemon,
                              process(301, 300, "/usr/bin/udevadm"),
                              process(302, 300, "/bin/sh"),
                              process(303, 1, "/usr/bin/udevadm"),
                              process(304, 303, "/usr/bin/udevadm"),
                              process(305, 300, ""),
                              process(306, 1, "")};
  for (ProcessEntry& each : evidence.after.processes)
    if (each.path.empty()) each.command_line.clear();
  EXPECT_THAT(added_processes(compare(evidence)), ElementsAre(302, 303, 304, 306))
      << "a worker that is about to end has no program any more";
}

SocketEntry socket(std::string protocol, std::string state, std::uint16_t port,
                   std::string owner = {}) {
  SocketEntry entry;
  entry.protocol = std::move(protocol);
  entry.state = std::move(state);
  entry.local_port = port;
  entry.process = std::move(owner);
  return entry;
}

TEST(ChangedSockets, AreThoseOfNewProgramsAndNotTheNoiseOfOldOnes) {
  Evidence evidence;
  evidence.before.processes = {process(50, 1, "/usr/lib/systemd/systemd-timesyncd"),
                               of_capture(process(800, 400, "/usr/sbin/sshd"))};
  evidence.after.processes = {process(50, 1, "/usr/lib/systemd/systemd-timesyncd"),
                              of_capture(process(900, 400, "/usr/sbin/sshd")),
                              process(60, 1, "/home/u/bot", 7)};
  evidence.before.sockets = {socket("tcp", "LISTEN", 22, "sshd[400]"),
                             socket("tcp", "ESTABLISHED", 22, "sshd[800]")};
  evidence.after.sockets = {socket("tcp", "LISTEN", 22, "sshd[401]"),
                            socket("tcp", "ESTABLISHED", 23, "sshd[900]"),
                            socket("tcp", "TIME_WAIT", 24),
                            socket("udp", "ESTABLISHED", 25, "systemd-timesyn[50]"),
                            socket("tcp", "LISTEN", 26, "systemd-timesyn[50]"),
                            socket("tcp", "ESTABLISHED", 27, "x[50][60]"),
                            socket("tcp", "SYN_SENT", 28)};
  std::vector<int> ports;
  for (const auto& change : compare(evidence).sockets) {
    EXPECT_EQ(change.kind, ChangeKind::Added);
    ports.push_back(change.after.local_port);
  }
  EXPECT_THAT(ports, ElementsAre(26, 27, 28));
}

Unit unit(std::string id, std::string active, std::string file_state, std::string load = "loaded") {
  return {"system",          std::move(id), std::move(load),
          std::move(active), "sub",         std::move(file_state)};
}

TEST(ChangedUnits, AreNewOnesAndThoseThatStartDifferently) {
  Evidence evidence;
  evidence.before.units = {
      unit("cron.service", "active", "enabled"), unit("ssh.service", "active", "enabled"),
      unit("systemd-timedated.service", "active", "static"),
      unit("timer.timer", "active", "enabled"), unit("unloaded@.service", "inactive", "static")};
  auto timer = unit("timer.timer", "active", "enabled");
  timer.sub_state = "running";
  evidence.after.units = {unit("cron.service", "inactive", "enabled"),
                          unit("evil.service", "active", "enabled"),
                          unit("mentioned.service", "inactive", "", "not-found"),
                          unit("ssh.service", "active", "disabled"),
                          unit("systemd-timedated.service", "inactive", "static"),
                          timer,
                          unit("unloaded@.service", "inactive", "static", "")};
  std::vector<std::string> ids;
  for (const auto& change : compare(evidence).units) ids.push_back(change.after.id);
  EXPECT_THAT(ids, ElementsAre("cron.service", "evil.service", "ssh.service"));
}

TEST(ChangedUnits, IncludeASystemUnitThatIsNoLongerStarted) {
  Evidence evidence;
  evidence.before.units = {unit("apt-daily.service", "inactive", "static")};
  evidence.after.units = {unit("apt-daily.service", "inactive", "masked")};
  EXPECT_THAT(compare(evidence).units, SizeIs(1));
}

TEST(ChangedPackages, AreNamedByManagerNameAndPlace) {
  Evidence evidence;
  evidence.before.packages = {dpkg("curl", "1"), dpkg("gone"), dpkg("same")};
  evidence.after.packages = {dpkg("curl", "2"), dpkg("same"), {"npm", "same", "1.0", "/usr/lib"}};
  const auto changes = compare(evidence);
  ASSERT_THAT(changes.packages, SizeIs(3));
  EXPECT_EQ(changes.packages[0].kind, ChangeKind::Modified);
  EXPECT_EQ(changes.packages[1].kind, ChangeKind::Deleted);
  EXPECT_EQ(changes.packages[2].after.manager, "npm");
  EXPECT_THAT(new_packages(evidence.before, evidence.after),
              ElementsAre(dpkg("curl", "2"), Package{"npm", "same", "1.0", "/usr/lib"}));
}

TEST(ChangedPackages, NameAPythonLibraryOfDebianOnce) {
  const std::string place = "/usr/lib/python3/dist-packages";
  Evidence evidence;
  evidence.after.packages = {
      dpkg("python3-yaml"), {"pip", "PyYAML", "6.0", place}, {"pip", "evil", "6.0", place}};
  evidence.package_files = {{"dpkg", "python3-yaml", {place + "/PyYAML-6.0.egg-info"}}};
  std::vector<std::string> names;
  for (const auto& change : compare(evidence).packages) names.push_back(change.after.name);
  EXPECT_THAT(names, ElementsAre("python3-yaml", "evil"));
}

TEST(ChangedRows, OfAPackageStayRows) {
  Evidence evidence;
  evidence.after.packages = {dpkg("evil")};
  evidence.package_files = {
      {"dpkg", "evil", {"/etc/cron.d/evil", "/usr/lib/systemd/system/e.service"}}};
  evidence.after.files = {file("/etc/cron.d/evil")};
  evidence.after.cron = {{"/etc/cron.d/evil", "root", "* * * * * root evil"}};
  evidence.after.units = {unit("e.service", "active", "enabled")};
  evidence.after.users = {{"evil", 0, 0, "/", "/bin/sh"}};
  evidence.after.config = {{"/etc/cron.d/evil", "* * * * * root evil\n"}};
  const auto changes = compare(evidence);
  EXPECT_EQ(changes.files.at(0).origin, Origin::Package);
  EXPECT_THAT(changes.cron, SizeIs(1));
  EXPECT_THAT(changes.units, SizeIs(1));
  EXPECT_THAT(changes.users, SizeIs(1));
  EXPECT_THAT(changes.config, SizeIs(1));
}

TEST(ChangedCron, CountsEqualLinesEach) {
  const CronEntry job{"/etc/crontab", "root", "* * * * * root x"};
  Evidence evidence;
  evidence.before.cron = {job};
  evidence.after.cron = {job, job};
  EXPECT_THAT(compare(evidence).cron, SizeIs(1));
}

TEST(ChangedAccounts, KeepTheirNames) {
  Evidence evidence;
  evidence.before.users = {{"u", 1000, 1000, "/home/u", "/bin/sh"}};
  evidence.after.users = {{"u", 0, 0, "/home/u", "/bin/sh"}};
  evidence.before.groups = {{"sudo", 27, {}}};
  evidence.after.groups = {{"sudo", 27, {"u"}}};
  const auto changes = compare(evidence);
  ASSERT_THAT(changes.users, SizeIs(1));
  EXPECT_EQ(changes.users[0].kind, ChangeKind::Modified);
  ASSERT_THAT(changes.groups, SizeIs(1));
  EXPECT_THAT(changes.groups[0].after.members, ElementsAre("u"));
}

TEST(ChangedMountsAndModules, LeaveOutWhatSystemdMountsByItself) {
  Evidence evidence;
  evidence.after.kernel_modules = {"rootkit"};
  evidence.after.mounts = {{"ramfs", "/run/credentials/x.service", "ramfs", "ro"},
                           {"binfmt_misc", "/proc/sys/fs/binfmt_misc", "binfmt_misc", "rw"},
                           {"tmpfs", "/etc", "tmpfs", "rw"}};
  const auto changes = compare(evidence);
  ASSERT_THAT(changes.mounts, SizeIs(1));
  EXPECT_EQ(changes.mounts[0].after.path, "/etc");
  ASSERT_THAT(changes.kernel_modules, SizeIs(1));
  EXPECT_EQ(changes.kernel_modules[0].after, "rootkit");
}

TEST(Changes, OfNothingAreNone) {
  const auto changes = compare(Evidence{});
  EXPECT_THAT(changes.files, IsEmpty());
  EXPECT_THAT(changes.config, IsEmpty());
}

}  // namespace
}  // namespace skillaudit
