#include <gmock/gmock.h>

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
using ::testing::Not;
using testing::regular;
using ::testing::UnorderedElementsAre;

TEST(PackageRules, RequiredOptionalAndUnusedAreToldApart) {
  AuditBuilder audit;
  audit.script(
      "#!/bin/bash\napt-get install -y jq tree cowsay libfoo\njq .\n"
      "command -v tree && tree\n");
  audit.package("jq", {"jq"}).package("tree", {"tree"}).package("cowsay", {"cowsay"});
  audit.package("libfoo", {}).package("libdep", {});
  EXPECT_THAT(found(audit), UnorderedElementsAre("documentation.undocumented-dependency CRITICAL",
                                                 "documentation.undocumented-dependency CRITICAL",
                                                 "documentation.unused-package HIGH",
                                                 "packages.undocumented-system HIGH",
                                                 "documentation.optional-dependency LOW"));
  EXPECT_THAT(first(audit, "packages.undocumented-system").title, Not(HasSubstr("libdep")));
}

TEST(PackageRules, ADocumentedPackageCostsNothing) {
  AuditBuilder audit;
  audit.document("Needs jq.\n").script("#!/bin/sh\napt-get install jq\njq .\n");
  audit.package("jq", {"jq"}).package("libjq1", {});
  EXPECT_THAT(found(audit), IsEmpty());
}

TEST(PackageRules, WhenNothingWasAskedForNothingIsADependency) {
  AuditBuilder audit;
  audit.script("#!/bin/sh\neval \"$(cat hidden)\"\n").package("netcat", {"nc"});
  EXPECT_THAT(found(audit), Contains("packages.undocumented-system HIGH"));
}

TEST(PackageRules, AptsOwnRecordTellsWhatWasAskedFor) {
  AuditBuilder audit;
  audit.document("Needs jq.\n").script("#!/bin/sh\napt-get install jq\njq .\n");
  audit.package("jq", {"jq"}).package("libjq1", {}).package("netcat", {"nc"});
  EXPECT_THAT(found(audit), IsEmpty());
  audit.evidence.after.config.push_back(
      {"/var/lib/apt/extended_states",
       "Package: libjq1\nArchitecture: amd64\nAuto-Installed: 1\n"});
  EXPECT_THAT(first(audit, "packages.undocumented-system").title, HasSubstr("`netcat`"));
}

TEST(PackageRules, RemovalIsCriticalAndAChangedVersionIsSeen) {
  AuditBuilder audit;
  audit.document("removes vim, upgrades git\n");
  audit.changes.packages.push_back({ChangeKind::Deleted, {"dpkg", "vim", "1", ""}, {}});
  EXPECT_THAT(found(audit), ElementsAre("packages.removed CRITICAL"));
  AuditBuilder upgrade;
  upgrade.changes.packages.push_back(
      {ChangeKind::Modified, {"dpkg", "git", "1", ""}, {"dpkg", "git", "2", ""}});
  EXPECT_THAT(found(upgrade), ElementsAre("packages.changed-version MEDIUM"));
}

TEST(ProcessRules, AnOrphanIsNamedWithItsCommandAndWithoutItsId) {
  AuditBuilder audit;
  audit.process({"bash", "/x/keep-warm.sh"}, "/usr/bin/bash", 4321);
  audit.process({"sleep", "300"}, "/usr/bin/sleep", 4322, 4321);
  const Finding finding = first(audit, "processes.orphan");
  EXPECT_EQ(audit.assessed().findings.size(), 1U);
  EXPECT_THAT(finding.title, HasSubstr("`bash /x/keep-warm.sh`"));
  EXPECT_THAT(finding.evidence[0].text, HasSubstr("1 child"));
  EXPECT_THAT(finding.title + finding.evidence[0].text, Not(HasSubstr("4321")));
}

TEST(ProcessRules, AProcessWithAParentShouldHaveStopped) {
  AuditBuilder audit;
  ProcessEntry shell;
  shell.pid = 77;
  audit.evidence.after.processes.push_back(shell);
  audit.process({"/opt/w"}, "/opt/w", 4000, 77);
  EXPECT_THAT(found(audit), ElementsAre("processes.left-running MEDIUM"));
}

TEST(ProcessRules, AHundredAreARunaway) {
  AuditBuilder audit;
  for (int i = 0; i < 100; ++i) audit.process({"/opt/w"}, "/opt/w", 4000 + i);
  EXPECT_THAT(found(audit), ElementsAre("processes.runaway CRITICAL"));
}

TEST(ProcessRules, ADaemonThatWasStartedAnewIsNoOrphan) {
  AuditBuilder audit;
  audit.process({"/usr/sbin/cron", "-f"}, "/usr/sbin/cron");
  ProcessEntry before = audit.changes.processes[0].after;
  before.pid = 10;
  audit.changes.processes.push_back({ChangeKind::Deleted, before, {}});
  EXPECT_THAT(found(audit), IsEmpty());
}

TEST(ProcessRules, ParentsInACircleEnd) {
  AuditBuilder audit;
  audit.process({"/a"}, "/a", 5, 6).process({"/b"}, "/b", 6, 5);
  static_cast<void>(found(audit));
}

TEST(ServiceRules, AnInstalledUnitIsOneFindingOfFileAndRow) {
  AuditBuilder audit;
  audit.added(regular("/etc/systemd/system/x.service", 10, 0644, 0)).unit("x.service");
  audit.added(regular("/etc/systemd/system/multi-user.target.wants/x.service", 10, 0777, 0));
  EXPECT_THAT(first(audit, "services.installed").title, HasSubstr("`x.service`"));
  EXPECT_EQ(first(audit, "services.installed").evidence.size(), 3U);
}

TEST(ServiceRules, ADocumentedServiceCostsNothing) {
  EXPECT_THAT(found(AuditBuilder().document("Installs x.service\n").unit("x.service")), IsEmpty());
}

TEST(ServiceRules, AServiceOfAPackageIsThePackages) {
  AuditBuilder audit;
  audit.document("needs nginx\n").package("nginx", {"nginx"});
  audit.added(regular("/lib/systemd/system/nginx.service", 10, 0644, 0), Origin::Package, "nginx");
  audit.added(regular("/etc/systemd/system/multi-user.target.wants/nginx.service"));
  audit.added(regular("/etc/init.d/nginx", 10, 0755, 0), Origin::Package, "nginx");
  audit.added(regular("/etc/rc2.d/S01nginx"));
  audit.unit("nginx.service");
  EXPECT_THAT(found(audit), IsEmpty());
}

TEST(ServiceRules, ADropInForAnExistingUnitChangesIt) {
  AuditBuilder audit;
  audit.evidence.before.units = {
      {"system", "ssh.service", "loaded", "active", "running", "enabled"}};
  audit.added(regular("/etc/systemd/system/ssh.service.d/x.conf"));
  EXPECT_THAT(found(audit), ElementsAre("services.existing-changed CRITICAL"));
}

TEST(ServiceRules, WhatASystemDoesByItselfIsNoFinding) {
  AuditBuilder audit;
  Unit before{"system", "logrotate.service", "loaded", "inactive", "dead", "static"};
  Unit after = before;
  after.active_state = "active";
  after.sub_state = "running";
  audit.changes.units.push_back({ChangeKind::Modified, before, after});
  Unit session{"system", "user@1000.service", "loaded", "active", "running", "static"};
  audit.changes.units.push_back({ChangeKind::Added, {}, session});
  EXPECT_THAT(found(audit), IsEmpty());
}

TEST(CronRules, AJobIsNamedAndExcusedByItsDocumentation) {
  EXPECT_THAT(first(AuditBuilder().cron("*/5 * * * * touch x"), "cron.added").title,
              HasSubstr("`*/5 * * * * touch x`"));
  EXPECT_THAT(found(AuditBuilder().document("Adds a cron job.\n").cron("* * * * * ~/bin/x.sh")),
              ElementsAre("cron.added HIGH"));
  EXPECT_THAT(found(AuditBuilder()
                        .document("Adds this line to the user's crontab:\n\n```\n"
                                  "* * * * * ~/bin/x.sh\n```\n")
                        .cron("* * * * * ~/bin/x.sh")),
              IsEmpty());
  EXPECT_THAT(found(AuditBuilder().cron("# DO NOT EDIT")), IsEmpty());
}

TEST(AccountRules, NewAccountsAndMembersAreFound) {
  AuditBuilder root;
  root.changes.users.push_back({ChangeKind::Added, {}, {"toor", 0, 0, "/root", "/bin/sh"}});
  EXPECT_THAT(found(root), ElementsAre("persistence.root-account CRITICAL"));
  AuditBuilder user;
  user.changes.users.push_back(
      {ChangeKind::Added, {}, {"bob", 1001, 1001, "/home/bob", "/bin/sh"}});
  EXPECT_THAT(found(user), ElementsAre("persistence.account HIGH"));
  AuditBuilder group;
  group.changes.groups.push_back(
      {ChangeKind::Modified, {"docker", 999, {}}, {"docker", 999, {"ubuntu"}}});
  EXPECT_THAT(found(group), ElementsAre("persistence.account HIGH"));
  AuditBuilder daemon;
  daemon.document("needs postgresql\n").package("postgresql", {"psql"});
  daemon.changes.users.push_back(
      {ChangeKind::Added, {}, {"postgres", 105, 105, "/var/lib/x", "/usr/sbin/nologin"}});
  EXPECT_THAT(found(daemon), IsEmpty());
}

TEST(AccountRules, APasswordThatChangedIsASecuritySetting) {
  EXPECT_THAT(found(AuditBuilder().written("/etc/shadow")),
              ElementsAre("files.security-settings CRITICAL"));
}

TEST(SystemRules, MountsAndForeignModules) {
  AuditBuilder mount;
  mount.changes.mounts.push_back({ChangeKind::Added, {}, {"/dev/loop0", "/mnt/x", "ext4", "rw"}});
  mount.changes.mounts.push_back({ChangeKind::Added, {}, {"tmpfs", "/run/user/0", "tmpfs", "rw"}});
  EXPECT_THAT(found(mount), ElementsAre("system.mount-left MEDIUM"));
  AuditBuilder module;
  module.evidence.before.files.push_back(regular("/lib/modules/6.1/kernel/fs/nf-x.ko.xz"));
  module.changes.kernel_modules.push_back({ChangeKind::Added, {}, "nf_x"});
  EXPECT_THAT(found(module), IsEmpty());
  module.changes.kernel_modules.push_back({ChangeKind::Added, {}, "rootkit"});
  EXPECT_THAT(found(module), ElementsAre("persistence.kernel-module CRITICAL"));
}

}  // namespace
}  // namespace skillaudit
