// Rules about state that no ordinary listing of files shows.
#include <gmock/gmock.h>

#include "tests/unit/analysis/trace_builder.h"
#include "tests/unit/rules/findings_of.h"

namespace skillaudit {
namespace {

using testing::AuditBuilder;
using ::testing::Contains;
using ::testing::ElementsAre;
using testing::first;
using testing::folder;
using testing::found;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::kHome;
using ::testing::Not;
using testing::regular;
using testing::TraceBuilder;

FileEntry with_mode(FileEntry entry, std::uint32_t mode) {
  entry.mode = mode;
  return entry;
}

TEST(StateRules, ContentBelowTheFileSystemIsTampering) {
  AuditBuilder audit;
  FileChange silent{ChangeKind::Modified, Origin::Skill, {}, regular(kHome + "/budget.csv")};
  silent.after = silent.before;
  silent.content = Content::Other;
  silent.sha256 = std::string(64, 'a');
  audit.changes.files = {silent};
  EXPECT_THAT(found(audit), Contains("tampering.below-file-system CRITICAL"));
  EXPECT_EQ(audit.assessed().verdict, Verdict::Rejected);
  // An edit changes the time of the last change, whatever becomes of the other one.
  audit.changes.files[0].after.ctime_ns = 9;
  EXPECT_THAT(found(audit), Contains("evasion.times-forged MEDIUM"));
  EXPECT_THAT(found(audit), Not(Contains("tampering.below-file-system CRITICAL")));
}

TEST(StateRules, AKeyThatOthersMayReadIsExposed) {
  const FileEntry key = regular(kHome + "/.ssh/id_ed25519", 400, 0600);
  AuditBuilder audit;
  audit.modified(key, with_mode(key, 0644));
  EXPECT_THAT(found(audit), ElementsAre("permissions.secret-readable HIGH"));
  AuditBuilder closer;  // the other way round
  closer.modified(with_mode(key, 0644), key);
  EXPECT_THAT(found(closer), IsEmpty());
  AuditBuilder shown;
  const FileEntry half = regular(kHome + "/.ssh/id_ed25519.pub", 400, 0600);
  shown.modified(half, with_mode(half, 0644));
  EXPECT_THAT(found(shown), IsEmpty());
}

TEST(StateRules, AFolderThatOpensExposesWhatIsReadableInIt) {
  const FileEntry home = with_mode(folder(kHome), 0700);
  AuditBuilder audit;
  audit.modified(home, with_mode(home, 0755));
  audit.evidence.after.files.push_back(regular(kHome + "/.netrc", 50, 0600));
  EXPECT_THAT(found(audit), IsEmpty());  // closed by its own mode
  audit.evidence.after.files.back().mode = 0644;
  EXPECT_THAT(found(audit), ElementsAre("permissions.secret-readable HIGH"));
}

TEST(StateRules, AMountOverASystemFileIsHarmAndOneBesideIsLeft) {
  AuditBuilder audit;
  audit.evidence.before.files = {folder("/"), folder("/etc"), regular("/etc/hosts")};
  audit.changes.mounts = {
      {ChangeKind::Added, {}, {"/dev/vda", "/etc/hosts", "ext4", "rw", "/tmp/hosts"}}};
  EXPECT_THAT(found(audit), ElementsAre("system.mount-over CRITICAL"));
  EXPECT_THAT(first(audit, "system.mount-over").evidence[0].text, HasSubstr("/tmp/hosts of it"));
  for (const char* path : {"/run/tide", "/mnt/iso", "/dev/shm/x"}) {
    audit.changes.mounts = {{ChangeKind::Added, {}, {"tmpfs", path, "tmpfs", "rw", "/"}}};
    EXPECT_THAT(found(audit), ElementsAre("system.mount-left MEDIUM")) << path;
  }
  for (const char* path : {"/run/user/1000", "/run/credentials/x.service"}) {
    audit.changes.mounts = {{ChangeKind::Added, {}, {"tmpfs", path, "tmpfs", "rw", "/"}}};
    EXPECT_THAT(found(audit), IsEmpty()) << path;
  }
}

TEST(StateRules, ASettingThatStartsAProgramIsHarm) {
  AuditBuilder audit;
  audit.evidence.before.kernel_settings = {{"sysctl", "kernel.core_pattern", "core"},
                                           {"sysctl", "net.ipv4.ip_forward", "0"}};
  audit.evidence.after.kernel_settings = {{"sysctl", "kernel.core_pattern", "|/tmp/x"},
                                          {"sysctl", "net.ipv4.ip_forward", "0"}};
  EXPECT_THAT(found(audit), ElementsAre("system.kernel-helper CRITICAL"));
  audit.evidence.after.kernel_settings[0].value = "/var/crash/core.%p";
  audit.evidence.after.kernel_settings[1].value = "1";
  EXPECT_THAT(found(audit),
              ElementsAre("system.kernel-setting HIGH", "system.kernel-setting HIGH"));
  EXPECT_THAT(first(audit, "system.kernel-setting").evidence[0].text,
              HasSubstr("is /var/crash/core.%p, was core"));
}

TEST(StateRules, AttributesOfTheUsersFilesAreSeenAndThoseOfPackagesAreTheirs) {
  AuditBuilder audit;
  audit.evidence.before.files.push_back(regular(kHome + "/cv.md"));
  audit.evidence.after.attributes = {{kHome + "/cv.md", "user.label", "x"}};
  EXPECT_THAT(found(audit), ElementsAre("files.attribute-changed LOW"));
  audit.evidence.before.attributes = audit.evidence.after.attributes;
  EXPECT_THAT(found(audit), IsEmpty());
  audit.evidence.after.attributes.push_back({"/usr/bin/ping", "security.capability", "x"});
  EXPECT_THAT(found(audit), ElementsAre("privilege.capability HIGH"));
  audit.package("iputils-ping", {"ping"});
  audit.document("Needs ping.\n").script("#!/bin/sh\napt-get install iputils-ping\nping x\n");
  audit.added(regular("/usr/bin/ping", 10, 0755, 0), Origin::Package, "iputils-ping");
  EXPECT_THAT(found(audit), Not(Contains("privilege.capability HIGH")));
  audit.evidence.after.attributes.push_back({kHome + "/cv.md", "flags", "i"});
  EXPECT_THAT(found(audit), Contains("permissions.immutable MEDIUM"));
}

TEST(StateRules, ACredentialInAnAttributeIsACopy) {
  TraceBuilder audit;
  audit.evidence.decoy_sightings = {
      {"npm-token", source::after(Table::Files), kHome + "/cv.md, attribute user.label", "raw"}};
  EXPECT_THAT(first(audit, "credentials.decoy-copied").title,
              HasSubstr("an extended attribute of `" + kHome + "/cv.md`"));
}

TEST(StateRules, TheDiskIsReadAsADeviceByNobodyButToolsForItsLabels) {
  TraceBuilder audit;
  audit.fork(100, 101).exec(101, 100, {"/usr/bin/lsblk"});
  audit.at(TraceKind::RawRead, 101, "/dev/vda", "openat");
  EXPECT_THAT(found(audit), IsEmpty());
  audit.fork(100, 102).exec(102, 100, {"/usr/sbin/debugfs"});
  audit.at(TraceKind::RawRead, 102, "/dev/vda", "openat");
  EXPECT_THAT(found(audit), ElementsAre("evasion.raw-read HIGH"));
}

TEST(StateRules, WhatSystemdWritesToTheDiskWasOrdered) {
  TraceBuilder audit;
  audit.fork(1, 300).exec(300, 1, {"/usr/bin/dd", "of=/dev/vda"}, 0);
  audit.at(TraceKind::RawDevice, 300, "/dev/vda", "openat");
  EXPECT_THAT(found(audit), ElementsAre("tampering.raw-device CRITICAL"));
}

TEST(StateRules, ASecretThatIsMovedIsReadUnseen) {
  TraceBuilder audit;
  audit.at(TraceKind::SecretChange, 100, kHome + "/.config/other", "rename");
  audit.evidence.trace.events.back().paths.push_back(kHome + "/.config/new");
  EXPECT_THAT(found(audit), IsEmpty());  // a neighbour
  audit.at(TraceKind::SecretChange, 100, kHome + "/.aws", "rename");
  audit.evidence.trace.events.back().paths.push_back("/tmp/x");
  EXPECT_THAT(found(audit), ElementsAre("credentials.decoy-moved HIGH"));
  TraceBuilder written;  // a new file takes the place of the old one
  written.at(TraceKind::SecretChange, 100, kHome + "/.netrc.new", "rename");
  written.evidence.trace.events.back().paths.push_back(kHome + "/.netrc");
  EXPECT_THAT(found(written), IsEmpty());
}

TEST(StateRules, HandlesAndPacketSocketsAreWaysOfTheirOwn) {
  TraceBuilder audit;
  audit.event(TraceKind::HandleOpen, 100).syscall = "open_by_handle_at";
  EXPECT_THAT(found(audit), ElementsAre("evasion.open-by-handle HIGH"));
  TraceBuilder capture;
  capture.fork(100, 101).exec(101, 100, {"/usr/bin/tcpdump"});
  capture.event(TraceKind::PacketSocket, 101).syscall = "socket";
  EXPECT_THAT(found(capture), ElementsAre("evasion.packet-socket HIGH"));
  capture.document("Captures packets with `tcpdump`.\n");
  EXPECT_THAT(found(capture), IsEmpty());
}

}  // namespace
}  // namespace skillaudit
