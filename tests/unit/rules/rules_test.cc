#include <gmock/gmock.h>

#include <set>

#include "harness/base/code_spans.h"
#include "tests/unit/analysis/evidence_builder.h"

namespace skillaudit {
namespace {

using testing::AuditBuilder;
using ::testing::Contains;
using ::testing::ElementsAre;
using testing::folder;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::kHome;
using ::testing::Not;
using testing::regular;
using ::testing::UnorderedElementsAre;

/// "rule SEVERITY" of each finding.
std::vector<std::string> found(const AuditBuilder& audit) {
  std::vector<std::string> rules;
  for (const Finding& finding : audit.assessed().findings) {
    rules.push_back(finding.rule + " " + std::string(name_of(finding.severity)));
  }
  return rules;
}

Finding first(const AuditBuilder& audit, const std::string& rule) {
  for (const Finding& finding : audit.assessed().findings) {
    if (finding.rule == rule) return finding;
  }
  ADD_FAILURE() << "no finding of " << rule;
  return {};
}

TEST(FileRules, EachRowOfTheSeverityTableHasItsRule) {
  EXPECT_THAT(found(AuditBuilder().added(regular("/tmp/x.log"))),
              ElementsAre("files.temp-left MEDIUM"));
  EXPECT_THAT(found(AuditBuilder().added(regular("/opt/tool/bin"))),
              ElementsAre("files.system-created HIGH"));
  EXPECT_THAT(found(AuditBuilder().added(regular(kHome + "/out.txt"))),
              ElementsAre("files.left-in-home MEDIUM"));
  EXPECT_THAT(found(AuditBuilder().written(kHome + "/Documents/thesis.txt")),
              ElementsAre("files.user-data-overwritten CRITICAL"));
  EXPECT_THAT(found(AuditBuilder().written(kHome + "/.gitconfig")),
              ElementsAre("files.user-config-modified HIGH"));
  EXPECT_THAT(found(AuditBuilder().written("/etc/issue")),
              ElementsAre("files.system-modified CRITICAL"));
  EXPECT_THAT(found(AuditBuilder().written("/usr/bin/ls")),
              ElementsAre("files.program-changed CRITICAL"));
  EXPECT_THAT(found(AuditBuilder().written("/etc/hosts")),
              ElementsAre("files.security-settings CRITICAL"));
  EXPECT_THAT(found(AuditBuilder().deleted(regular(kHome + "/Documents/thesis.txt"))),
              ElementsAre("files.user-deleted HIGH"));
  EXPECT_THAT(found(AuditBuilder().deleted(regular(kHome + "/.ssh/id_ed25519"))),
              ElementsAre("files.important-deleted CRITICAL"));
  EXPECT_THAT(found(AuditBuilder().deleted(regular("/etc/issue"))),
              ElementsAre("files.important-deleted CRITICAL"));
}

TEST(FileRules, AProjectIsToldApartFromUserData) {
  AuditBuilder audit;
  audit.evidence.before.files.push_back(folder(kHome + "/work/app/.git"));
  audit.written(kHome + "/work/app/src/main.c").deleted(regular(kHome + "/work/app/old.c"));
  EXPECT_THAT(found(audit), UnorderedElementsAre("files.project-modified MEDIUM",
                                                 "files.project-deleted MEDIUM"));
}

TEST(FileRules, WhatIsDocumentedOrInItsProperPlaceCostsNothing) {
  AuditBuilder audit;
  audit.document("Writes `~/notes/journal.md` and /opt/tool/config.\n");
  audit.added(folder(kHome + "/notes")).added(regular(kHome + "/notes/journal.md"));
  audit.added(regular("/opt/tool/config"));
  audit.added(regular(kHome + "/.cache/tool/x"));
  audit.added(folder(kHome + "/.cache"));
  EXPECT_THAT(found(audit), IsEmpty());
}

TEST(FileRules, WhatIsCriticalByNatureIsNotExcusedByDocumentation) {
  EXPECT_THAT(
      found(AuditBuilder().document("Writes /etc/issue and /usr/bin/ls\n").written("/etc/issue")),
      ElementsAre("files.system-modified CRITICAL"));
}

TEST(FileRules, OtherOriginsAreNotTheSkills) {
  for (const Origin origin :
       {Origin::Package, Origin::PackageManager, Origin::System, Origin::SkillFolder}) {
    EXPECT_THAT(found(AuditBuilder().added(regular("/usr/share/x"), origin, "x")), IsEmpty());
  }
}

TEST(FileRules, ManyFilesOfOneKindAreOneFindingNamedTogether) {
  AuditBuilder audit;
  for (const char* name : {"a", "b", "c"}) {
    audit.added(regular(std::string("/tmp/skill-temp-") + name + ".log"));
  }
  const Finding finding = first(audit, "files.temp-left");
  EXPECT_THAT(finding.title, HasSubstr("`/tmp/skill-temp-*.log`"));
  EXPECT_EQ(finding.evidence.size(), 3U);
}

TEST(FileRules, WhatPythonRunsAtEveryStartIsNotExplainedByAPackage) {
  AuditBuilder audit;
  const std::string site = kHome + "/.local/lib/python3.11/site-packages";
  audit.document("pip installs requests\n");
  audit.changes.packages.push_back({ChangeKind::Added, {}, {"pip", "requests", "2", site}});
  audit.added(folder(kHome + "/.local")).added(regular(site + "/requests/api.py"));
  audit.added(regular(kHome + "/.local/bin/normalizer"));
  EXPECT_THAT(found(audit), IsEmpty());
  audit.added(regular(site + "/evil.pth"));
  EXPECT_THAT(found(audit), ElementsAre("files.left-in-home MEDIUM"));
}

TEST(PersistenceRules, EachKindHasItsRule) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {kHome + "/.bashrc", "persistence.shell-startup HIGH"},
      {kHome + "/.config/autostart/x.desktop", "persistence.autostart HIGH"},
      {kHome + "/.ssh/authorized_keys", "persistence.authorized-keys HIGH"},
      {"/etc/profile.d/x.sh", "persistence.system-startup CRITICAL"},
      {"/etc/environment", "persistence.system-startup CRITICAL"},
      {"/etc/sudoers.d/x", "persistence.sudoers CRITICAL"},
      {"/etc/ld.so.preload", "persistence.preload CRITICAL"},
      {kHome + "/.config/systemd/user/x.service", "services.installed HIGH"},
  };
  for (const auto& [path, rule] : cases) {
    EXPECT_THAT(found(AuditBuilder().added(regular(path))), ElementsAre(rule)) << path;
  }
}

TEST(PersistenceRules, ADocumentedRcFileIsFreeAndAnAuthorizedKeyNever) {
  EXPECT_THAT(
      found(AuditBuilder().document("Adds a line to ~/.bashrc\n").written(kHome + "/.bashrc")),
      IsEmpty());
  EXPECT_THAT(found(AuditBuilder()
                        .document("Adds a key to ~/.ssh/authorized_keys\n")
                        .written(kHome + "/.ssh/authorized_keys")),
              ElementsAre("persistence.authorized-keys HIGH"));
}

TEST(PersistenceRules, ATextThatChangedCountsEvenIfSizeAndTimeWerePutBack) {
  AuditBuilder audit;
  audit.changes.config.push_back({"/etc/sudoers", ChangeKind::Modified, "@@ -1 +1 @@\n-a\n+b\n"});
  EXPECT_THAT(found(audit), ElementsAre("persistence.sudoers CRITICAL"));
}

TEST(PermissionRules, SetuidWorldWritableAndSystemModes) {
  AuditBuilder setuid;
  setuid.changes.new_setuid = {regular(kHome + "/sh", 10, 04755, 0)};
  EXPECT_THAT(found(setuid), ElementsAre("permissions.setuid-root CRITICAL"));
  AuditBuilder other;
  other.changes.new_setuid = {regular(kHome + "/sh", 10, 04755, 1000)};
  EXPECT_THAT(found(other), ElementsAre("permissions.setuid HIGH"));
  EXPECT_THAT(found(AuditBuilder()
                        .document("Keeps ~/out/data\n")
                        .added(regular(kHome + "/out/data", 10, 0666))),
              ElementsAre("permissions.world-writable HIGH"));
  EXPECT_THAT(found(AuditBuilder().modified(regular("/etc/issue", 10, 0644, 0),
                                            regular("/etc/issue", 10, 0640, 0))),
              ElementsAre("permissions.system-file CRITICAL"));
  EXPECT_THAT(found(AuditBuilder().modified(regular(kHome + "/a", 10, 0644, 1000),
                                            regular(kHome + "/a", 10, 0644, 0))),
              ElementsAre("permissions.too-strict MEDIUM"));
}

TEST(PermissionRules, ASetuidProgramOfAPackageOfTheMirrorsIsThePackages) {
  AuditBuilder audit;
  audit.document("needs fuse3\n").package("fuse3", {"fusermount3"});
  const FileEntry program = regular("/usr/bin/fusermount3", 10, 04755, 0);
  audit.added(program, Origin::Package, "fuse3");
  audit.changes.new_setuid = {program};
  EXPECT_THAT(found(audit), IsEmpty());
  audit.evidence.flows.clear();  // installed from elsewhere
  EXPECT_THAT(found(audit), ElementsAre("permissions.setuid-root CRITICAL"));
}

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

TEST(WireRules, AConnectionPastTheProxyNeedsReview) {
  AuditBuilder audit;
  audit.evidence.wire.contacts = {{"tcp", "203.0.113.7", 443, 3, 222, 1.5},
                                  {"icmp", "198.51.100.1", 0, 1, 98, 2}};
  EXPECT_THAT(found(audit),
              ElementsAre("network.direct-attempt HIGH", "network.direct-attempt HIGH"));
}

TEST(WireRules, ANameAskedForIsAHostThatWasAddressed) {
  AuditBuilder audit;
  audit.evidence.wire.names = {{"collector.example.net", "A", 2},
                               {"collector.example.net", "AAAA", 2},
                               {"_https._tcp.collector.example.net", "SRV", 1},
                               {"devbox-12ab", "A", 1},
                               {"7.113.0.203.in-addr.arpa", "PTR", 1}};
  EXPECT_THAT(found(audit), ElementsAre("network.unexpected-host HIGH"));
}

TEST(WireRules, DataInNamesRejects) {
  AuditBuilder audit;
  for (const std::string part : {"7b22757365726e616d65223a226d", "6972612d68616c766f727365",
                                 "6e222c22686f6d65223a222f68", "6f6d652f7562756e7475227d00"})
    audit.evidence.wire.names.push_back({part + ".t.example.net", "TXT", 1});
  EXPECT_THAT(found(audit), Contains("network.dns-tunnel CRITICAL"));
  AuditBuilder content_network;
  for (int i = 0; i < 20; ++i)
    content_network.evidence.wire.names.push_back(
        {"cdn-" + std::to_string(i) + ".example.net", "A", 1});
  EXPECT_THAT(found(content_network), ::testing::Not(Contains("network.dns-tunnel CRITICAL")));
}

TEST(TamperingRules, AStoppedWitnessAndAClearedLogReject) {
  AuditBuilder audit;
  Unit before{"system", "auditd.service", "loaded", "active", "running", "enabled"};
  Unit after = before;
  after.active_state = "inactive";
  after.sub_state = "dead";
  audit.changes.units.push_back({ChangeKind::Modified, before, after});
  EXPECT_THAT(found(audit), Contains("tampering.witness-silenced CRITICAL"));
  AuditBuilder log;
  log.modified(regular("/var/log/auth.log", 900), regular("/var/log/auth.log", 0), Origin::System);
  EXPECT_THAT(found(log), ElementsAre("tampering.log-cleared CRITICAL"));
  EXPECT_THAT(found(AuditBuilder().deleted(regular(kHome + "/.bash_history"))),
              ElementsAre("tampering.log-cleared CRITICAL"));
}

TEST(TamperingRules, TheAuditsOwnWitnessGoneRejects) {
  AuditBuilder audit;
  audit.evidence.witness_lost = true;
  EXPECT_THAT(found(audit), ElementsAre("tampering.witness-silenced CRITICAL"));
}

TEST(TamperingRules, AFileThatTheGuestDoesNotShowRejects) {
  AuditBuilder audit;
  for (const char* path : {"/home/ubuntu/loot", "/home/ubuntu/note", "/home/ubuntu/odd"})
    audit.evidence.after.files.push_back({.path = path, .type = FileType::Regular});
  audit.evidence.guest_view = {
      .asked = {"/home/ubuntu/gone", "/home/ubuntu/loot", "/home/ubuntu/note", "/home/ubuntu/odd"},
      .seen = {{.path = "/home/ubuntu/note", .type = FileType::Regular},
               {.path = "/home/ubuntu/odd", .type = FileType::Directory}}};
  EXPECT_THAT(found(audit),
              ElementsAre("tampering.file-hidden CRITICAL", "tampering.file-hidden CRITICAL"));
}

TEST(TamperingRules, ARotatedLogIsNotCleared) {
  AuditBuilder audit;
  audit.modified(regular("/var/log/syslog", 900), regular("/var/log/syslog", 3), Origin::System);
  audit.added(regular("/var/log/syslog.1", 900), Origin::System);
  EXPECT_THAT(found(audit), IsEmpty());
}

TEST(CronRules, AJobIsNamedAndExcusedByItsDocumentation) {
  EXPECT_THAT(first(AuditBuilder().cron("*/5 * * * * touch x"), "cron.added").title,
              HasSubstr("`*/5 * * * * touch x`"));
  EXPECT_THAT(found(AuditBuilder().document("Adds a cron job.\n").cron("* * * * * x")), IsEmpty());
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

TEST(NetworkRules, ABlockedHostThatNobodyAllowedIsUnexpected) {
  AuditBuilder audit;
  audit.add(AuditBuilder::request("POST", "collect.example.com", "/v1"));
  const Finding finding = first(audit, "network.unexpected-host");
  EXPECT_EQ(finding.severity, Severity::High);
  EXPECT_THAT(finding.title, HasSubstr("`https://collect.example.com`"));
  EXPECT_EQ(text_of(finding.evidence[0].source), "flows.jsonl#1");
}

TEST(NetworkRules, ABlockedHostThatIsDocumentedCostsNothingAndNamesTheFlag) {
  AuditBuilder audit;
  audit.document("Asks api.example.com\n");
  audit.add(AuditBuilder::request("GET", "api.example.com", "/v1"));
  const Finding finding = first(audit, "network.documented-host-blocked");
  EXPECT_EQ(finding.deduction, 0);
  EXPECT_THAT(finding.recommendation, HasSubstr("--allow `'GET https://api.example.com/v1'`"));
}

TEST(NetworkRules, TheUserAgentAloneExcusesNothing) {
  AuditBuilder audit;
  Flow flow = AuditBuilder::request("GET", "evil.example.com", "/debian");
  flow.user_agent = "Debian APT-HTTP/1.3";
  audit.add(flow);
  EXPECT_THAT(found(audit), ElementsAre("network.unexpected-host HIGH"));
}

TEST(NetworkRules, APackageManagerAtAClosedMirrorCostsNothing) {
  AuditBuilder audit;
  audit.evidence.before.config.push_back(
      {"/etc/apt/sources.list.d/debian.sources", "URIs: http://mirror.example.com/debian\n"});
  Flow flow = AuditBuilder::request("GET", "mirror.example.com", "/debian/InRelease");
  flow.scheme = "http";
  flow.user_agent = "Debian APT-HTTP/1.3";
  audit.add(flow);
  EXPECT_EQ(first(audit, "network.mirrors-closed").deduction, 0);
  EXPECT_EQ(audit.assessed().overall, 100);
  audit.evidence.flows[0].method = "POST";
  EXPECT_THAT(found(audit), ElementsAre("network.unexpected-host HIGH"));
}

TEST(NetworkRules, AnAllowedHostMustBeDocumentedAndUseHttps) {
  Flow flow = AuditBuilder::request("GET", "api.example.com", "/");
  flow.allowed = true;
  flow.group = "user";
  EXPECT_THAT(found(AuditBuilder().add(flow)),
              ElementsAre("documentation.undocumented-host MEDIUM"));
  EXPECT_THAT(found(AuditBuilder().document("api.example.com\n").add(flow)), IsEmpty());
  flow.scheme = "http";
  EXPECT_THAT(found(AuditBuilder().document("api.example.com\n").add(flow)),
              ElementsAre("network.plain-http MEDIUM"));
}

TEST(NetworkRules, TunnelsAndDisguisesAreHigh) {
  Flow tunnel = AuditBuilder::request("CONNECT", "api.example.com", "");
  tunnel.kind = "connect";
  EXPECT_THAT(found(AuditBuilder().document("api.example.com\n").add(tunnel)),
              ElementsAre("network.raw-tunnel HIGH"));
  tunnel.kind = "tcp";
  EXPECT_THAT(found(AuditBuilder().document("api.example.com\n").add(tunnel)),
              ElementsAre("network.raw-tunnel HIGH"));
  Flow front = AuditBuilder::request("GET", "mirror.example.com", "/");
  front.host_header = "evil.example.com";
  EXPECT_THAT(found(AuditBuilder().add(front)), Contains("network.disguised-host HIGH"));
}

TEST(NetworkRules, SomethingLeftListeningIsFound) {
  AuditBuilder audit;
  audit.process({"/opt/w"}, "/opt/w", 4000);
  SocketEntry socket;
  socket.protocol = "tcp";
  socket.state = "LISTEN";
  socket.local_address = "0.0.0.0";
  socket.local_port = 8080;
  socket.process = "w[4000]";
  audit.changes.sockets.push_back({ChangeKind::Added, {}, socket});
  EXPECT_THAT(found(audit),
              UnorderedElementsAre("processes.orphan HIGH", "network.listening MEDIUM"));
}

TEST(CredentialRules, ADecoyThatLeftIsCitedWithFlowBodyAndPath) {
  AuditBuilder audit;
  Flow flow = AuditBuilder::request("POST", "collect.example.com", "/v1/health");
  flow.request_size = 2000;
  flow.request_body = "bodies/1.bin";
  audit.add(flow);
  audit.evidence.decoys = {{"aws-secret-key", kHome + "/.aws/credentials", "x"},
                           {"ssh-key", kHome + "/.ssh/id_ed25519", "y"}};
  audit.evidence.decoy_sightings = {{"aws-secret-key", source::flow(1), "body", "base64"},
                                    {"ssh-key", source::flow(1), "body", "raw"}};
  const Finding finding = first(audit, "credentials.decoy-left-machine");
  std::string all = finding.title;
  for (const Citation& citation : finding.evidence)
    all += "\n" + text_of(citation.source) + " " + citation.text;
  for (const char* words : {"aws-secret-key", "ssh-key", "flows.jsonl#1", "bodies/1.bin",
                            "/.aws/credentials", "/.ssh/id_ed25519", "base64"}) {
    EXPECT_THAT(all, HasSubstr(words));
  }
  EXPECT_EQ(audit.assessed().verdict, Verdict::Rejected);
}

TEST(ExecutionRules, EachEndingHasItsRule) {
  AuditBuilder wrong;
  wrong.evidence.execution.steps[0].exit_code = 2;
  EXPECT_THAT(found(wrong), ElementsAre("execution.failed HIGH"));
  AuditBuilder partly;
  partly.evidence.execution.steps.push_back(partly.evidence.execution.steps[0]);
  partly.evidence.execution.steps[0].exit_code = 2;
  EXPECT_THAT(found(partly), ElementsAre("execution.wrong-exit HIGH"));
  wrong.evidence.execution.steps[0].expected_exit = 2;
  EXPECT_THAT(found(wrong), IsEmpty());
  AuditBuilder skipped;
  Step step;
  step.name = "SKILL.md:12";
  step.reason_not_run = "needs a terminal";
  skipped.evidence.execution.steps.push_back(step);
  EXPECT_THAT(found(skipped), ElementsAre("execution.step-not-run MEDIUM"));
}

TEST(ExecutionRules, ProgressOnStderrIsNoError) {
  AuditBuilder audit;
  audit.evidence.execution.steps[0].err =
      "WARNING: apt does not have a stable CLI interface.\n"
      "dpkg-preconfigure: unable to re-open stdin: No such file or directory\n"
      "  % Total    % Received\nerrors: 0\n";
  EXPECT_THAT(found(audit), IsEmpty());
  audit.evidence.execution.steps[0].err = "Traceback (most recent call last):\n  File x\n";
  EXPECT_THAT(found(audit), ElementsAre("execution.error-output LOW"));
}

TEST(PortabilityRules, AHardCodedPathIsNamedWithItsPlace) {
  AuditBuilder audit;
  audit.evidence.skill.hard_coded_paths = {{"a.sh", 3, "/home/me/x", "$HOME/x"}};
  EXPECT_THAT(first(audit, "portability.hard-coded-path").recommendation,
              HasSubstr("`/home/me/x` at `a.sh:3`: use `$HOME/x`"));
}

TEST(Findings, NamesOfTheGuestCannotBreakOutOfTheirCode) {
  AuditBuilder audit;
  audit.added(regular("/tmp/`a` **b**\n<script>{where}\xff"));
  const Finding finding = first(audit, "files.temp-left");
  const std::vector<TextPart> parts = code_spans(finding.title);
  ASSERT_EQ(
      std::count_if(parts.begin(), parts.end(), [](const TextPart& part) { return part.code; }), 1);
  EXPECT_THAT(
      std::find_if(parts.begin(), parts.end(), [](const TextPart& part) { return part.code; })
          ->text,
      HasSubstr("`a` **b**"));
  EXPECT_EQ(finding.title.find('\n'), std::string::npos);
  EXPECT_THAT(finding.title, HasSubstr("{where}"));
}

/// Every subset of a set of deeds, so that rules meet in all combinations.
TEST(Findings, EachDeductionCitesAnObservation) {
  const std::vector<void (*)(AuditBuilder&)> deeds = {
      [](AuditBuilder& audit) { audit.added(regular("/tmp/x")).added(regular("/opt/x/y")); },
      [](AuditBuilder& audit) { audit.written("/etc/hosts").written(kHome + "/.bashrc"); },
      [](AuditBuilder& audit) {
        audit.deleted(regular(kHome + "/a")).deleted(regular("/var/log/x"));
      },
      [](AuditBuilder& audit) { audit.package("jq", {"jq"}).script("#!/bin/sh\njq\n"); },
      [](AuditBuilder& audit) { audit.process({"a"}, "/a").unit("a.service").cron("@daily a"); },
      [](AuditBuilder& audit) { audit.add(AuditBuilder::request("PUT", "x.example.com", "/")); },
      [](AuditBuilder& audit) { audit.evidence.skill.notes = {"unknown field"}; },
      [](AuditBuilder& audit) { audit.evidence.execution.steps[0].exit_code = 1; },
      [](AuditBuilder& audit) { audit.changes.new_setuid = {regular("/x", 1, 06755, 0)}; },
      [](AuditBuilder& audit) {
        audit.evidence.decoy_sightings = {{"k", source::flow(9), "url", "hex"}};
      },
  };
  for (unsigned chosen = 0; chosen < (1U << deeds.size()); chosen += 7) {
    AuditBuilder audit;
    for (std::size_t i = 0; i < deeds.size(); ++i) {
      if ((chosen >> i & 1U) != 0) deeds[i](audit);
    }
    const Assessment assessment = audit.assessed();
    EXPECT_EQ(assessment.findings.empty(), chosen == 0);
    for (const Finding& finding : assessment.findings) {
      ASSERT_FALSE(finding.evidence.empty()) << finding.rule;
      for (const Citation& citation : finding.evidence) {
        EXPECT_FALSE(citation.text.empty()) << finding.rule;
      }
      EXPECT_GE(finding.deduction, 0);
    }
    for (const auto& score : assessment.scores) EXPECT_GE(score.value_or(0), 0);
  }
}

}  // namespace
}  // namespace skillaudit
