// Rules of what runs under another name: forged times, deleted programs, ports, miners, downloads,
// copies.
#include <gmock/gmock.h>

#include "tests/unit/rules/findings_of.h"

namespace skillaudit {
namespace {

using testing::AuditBuilder;
using ::testing::Contains;
using ::testing::ElementsAre;
using testing::folder;
using testing::found;
using ::testing::IsEmpty;
using testing::kHome;
using ::testing::Not;
using testing::regular;
using ::testing::UnorderedElementsAre;

TEST(PersistenceRules, HooksOfTheSystemStartWithIt) {
  for (const char* path :
       {"/etc/apt/apt.conf.d/99x", "/etc/update-motd.d/99-x", "/etc/motd",
        "/etc/NetworkManager/dispatcher.d/x", "/etc/logrotate.d/x", "/etc/inputrc",
        "/etc/skel/.bashrc", "/etc/rc.local", "/etc/grub.d/50_x", "/etc/initramfs-tools/hooks/x"})
    EXPECT_THAT(found(AuditBuilder().added(regular(path))),
                ElementsAre("persistence.system-startup CRITICAL"))
        << path;
}

AuditBuilder with_times(std::int64_t mtime, std::int64_t ctime, std::uint64_t size) {
  FileEntry before = regular(kHome + "/x.cfg", 10);
  before.mtime_ns = 1000;
  before.ctime_ns = 1000;
  FileEntry after = before;
  after.size = size;
  after.mtime_ns = mtime;
  after.ctime_ns = ctime;
  return AuditBuilder().document("Writes `~/x.cfg`.\n").modified(before, after);
}

TEST(TimesRules, ATimeThatWasPutBackIsFound) {
  EXPECT_THAT(found(with_times(1000, 5000, 20)), ElementsAre("evasion.times-forged MEDIUM"));
  EXPECT_THAT(found(with_times(500, 5000, 20)), ElementsAre("evasion.times-forged MEDIUM"));
  EXPECT_THAT(found(with_times(5000, 5000, 20)), IsEmpty());
  // The same content with another mode or another time is no forged content.
  EXPECT_THAT(found(with_times(1000, 5000, 10)), IsEmpty());
  EXPECT_THAT(found(with_times(500, 5000, 10)), IsEmpty());
}

TEST(TimesRules, ANewFileMayBeAsOldAsItsArchiveSays) {
  FileEntry unpacked = regular(kHome + "/x.cfg");
  unpacked.mtime_ns = 1;
  unpacked.ctime_ns = 5000;
  EXPECT_THAT(found(AuditBuilder().document("Writes `~/x.cfg`.\n").added(unpacked)), IsEmpty());
}

TEST(DeletedProgramRules, AProgramThatIsGoneIsNamed) {
  AuditBuilder audit;
  audit.process({"./x"}, "/tmp/x (deleted)");
  EXPECT_THAT(found(audit), Contains("evasion.deleted-program HIGH"));
  AuditBuilder upgraded;
  upgraded.package("worker", {"worker"});
  upgraded.added(regular("/usr/bin/worker", 9, 0755, 0), Origin::Package, "worker");
  upgraded.process({"worker"}, "/usr/bin/worker (deleted)");
  EXPECT_THAT(found(upgraded), Not(Contains("evasion.deleted-program HIGH")));
}

Flow at(const std::string& host, std::uint16_t port, const std::string& scheme = "https") {
  Flow flow = AuditBuilder::request("GET", host, "/x");
  flow.scheme = scheme;
  flow.port = port;
  return flow;
}

TEST(PortRules, APortThatNobodyExpectsIsNamedUnlessItsHostIs) {
  EXPECT_THAT(found(AuditBuilder().add(at("c.example.com", 4444))),
              Contains("network.odd-port MEDIUM"));
  EXPECT_THAT(found(AuditBuilder().add(at("c.example.com", 443))),
              Not(Contains("network.odd-port MEDIUM")));
  EXPECT_THAT(found(AuditBuilder().add(at("c.example.com", 8080, "http"))),
              Not(Contains("network.odd-port MEDIUM")));
  EXPECT_THAT(found(AuditBuilder()
                        .document("Asks c.example.com on port 4444.\n")
                        .add(at("c.example.com", 4444))),
              Not(Contains("network.odd-port MEDIUM")));
  AuditBuilder direct;
  direct.evidence.wire.contacts = {{"tcp", "203.0.113.7", 4444, 3, 222, 1.5},
                                   {"tcp", "203.0.113.7", 22, 3, 222, 1.5}};
  EXPECT_THAT(found(direct),
              UnorderedElementsAre("network.direct-attempt HIGH", "network.direct-attempt HIGH",
                                   "network.odd-port MEDIUM"));
}

TEST(MinerRules, APoolIsKnownByItsNameItsSchemeAndItsWords) {
  const std::string rule = "network.miner-pool CRITICAL";
  EXPECT_THAT(found(AuditBuilder().add(at("xmr-eu1.nanopool.org", 14433))), Contains(rule));
  EXPECT_THAT(found(AuditBuilder().add(at("pool.example.com", 3333))), Contains(rule));
  AuditBuilder asked;
  asked.evidence.wire.names = {{"POOL.supportxmr.com", "A", 1}};
  EXPECT_THAT(found(asked), Contains(rule));
  AuditBuilder spoken;
  spoken.evidence.wire.payload = R"({"id":1,"method":"mining.subscribe","params":[]})";
  EXPECT_THAT(found(spoken), Contains(rule));
  AuditBuilder started;
  started.process({"x", "-o", "stratum+tcp://203.0.113.7:3333"}, "/tmp/x");
  EXPECT_THAT(found(started), Contains(rule));
  AuditBuilder traced;
  TraceEvent event;
  event.arguments = {"sh", "-c", "x -o stratum+ssl://p.example.com:443 -u y"};
  traced.evidence.trace.events = {event};
  EXPECT_THAT(found(traced), ElementsAre(rule));
}

TEST(MinerRules, WhoOnlyLooksForMinersMinesNot) {
  const std::string rule = "network.miner-pool CRITICAL";
  AuditBuilder audit;
  TraceEvent event;
  event.arguments = {"grep", "-rE", "stratum\\+tcp://|stratum+tcp://"};
  audit.evidence.trace.events = {event};
  audit.add(at("thread-pool.example.com", 3333)).add(at("pool.example.com", 443));
  audit.add(at("notnanopool.org", 443));
  EXPECT_THAT(found(audit), Not(Contains(rule)));
}

class Download : public ::testing::Test {
 protected:
  AuditBuilder fetched(unsigned mode, Origin origin = Origin::Skill) {
    AuditBuilder audit;
    Flow flow = at("files.example.com", 443);
    flow.allowed = true;
    flow.group = "user";
    flow.response_size = 9;
    flow.response_sha256 = std::string(64, 'a');
    audit.add(flow).added(regular(kHome + "/tool", 9, mode), origin);
    audit.changes.files.back().sha256 = flow.response_sha256;
    return audit;
  }
  const std::string rule_ = "network.download-and-run HIGH";
};

TEST_F(Download, WhatCanRunIsFoundAndWhatIsDataIsNot) {
  EXPECT_THAT(found(fetched(0755)), Contains(rule_));
  EXPECT_THAT(found(fetched(0644)), Not(Contains(rule_)));
  EXPECT_THAT(found(fetched(0755, Origin::PackageManager)), Not(Contains(rule_)));
  // What a server sends cannot be reviewed, whoever names the server: a person decides.
  EXPECT_EQ(fetched(0755).assessed().verdict, Verdict::Rejected);
  EXPECT_EQ(
      fetched(0755).document("Downloads `~/tool` from `files.example.com`.\n").assessed().verdict,
      Verdict::NeedsReview);
}

TEST_F(Download, AScriptThatAnInterpreterRanIsFoundAndOneThatWasReadIsNot) {
  AuditBuilder ran = fetched(0644);
  TraceEvent event;
  event.serial = 7;
  event.program = "/usr/bin/bash";
  event.folder = kHome;
  event.arguments = {"bash", "-e", "./tool", "x"};
  ran.evidence.trace.events = {event};
  EXPECT_THAT(found(ran), Contains(rule_));

  AuditBuilder read = fetched(0644);
  event.program = "/usr/bin/cat";
  event.arguments = {"cat", kHome + "/tool"};
  read.evidence.trace.events = {event};
  EXPECT_THAT(found(read), Not(Contains(rule_)));

  AuditBuilder alive = fetched(0644);
  alive.process({"python3", kHome + "/tool"}, "/usr/bin/python3.11");
  EXPECT_THAT(found(alive), Contains(rule_));
}

AuditBuilder with_copy(const std::string& path, const std::string& decoy_path) {
  AuditBuilder audit;
  audit.evidence.decoys = {{"aws-secret-key", decoy_path, "x"}};
  audit.evidence.decoy_sightings = {
      {"aws-secret-key", source::after(Table::Files), path, "base64"}};
  return audit.added(regular(path));
}

TEST(DecoyCopies, ACopyIsFoundAndIsNotSentOut) {
  const std::string own = kHome + "/.aws/credentials";
  EXPECT_THAT(found(with_copy(kHome + "/.cache/x/y", own)),
              ElementsAre("credentials.decoy-copied MEDIUM"));
  EXPECT_THAT(found(with_copy("/tmp/x", own)),
              UnorderedElementsAre("credentials.decoy-copied MEDIUM", "files.temp-left MEDIUM"));
  EXPECT_THAT(found(with_copy(kHome + "/.cache/x/y", "environment")),
              ElementsAre("credentials.decoy-copied MEDIUM"));
}

TEST(DecoyCopies, ItsOwnFileAndWhatItsToolKeepsBesideItAreNoCopies) {
  const std::string own = kHome + "/.aws/credentials";
  for (const char* path : {"/.aws/credentials", "/.aws/credentials.lock", "/.aws/credentials~"})
    EXPECT_THAT(found(with_copy(kHome + path, own)),
                Not(Contains("credentials.decoy-copied MEDIUM")));
}

TEST(DecoyCopies, ADocumentedBackupIsFreeAndADocumentedFolderAboveItIsNot) {
  const std::string own = kHome + "/.ssh/config";
  EXPECT_THAT(found(with_copy(kHome + "/.cache/b/keys.tar", own)
                        .document("Writes the backup `~/.cache/b/keys.tar`.\n")),
              IsEmpty());
  EXPECT_THAT(
      found(with_copy(kHome + "/.cache/b/keys.tar", own).document("Writes below `~/.cache/b`.\n")),
      ElementsAre("credentials.decoy-copied MEDIUM"));
}

TEST(DecoyCopies, ACommandLineIsSeenByEveryUser) {
  AuditBuilder audit;
  audit.evidence.decoys = {{"npm-token", kHome + "/.npmrc", "x"}};
  audit.evidence.decoy_sightings = {{"npm-token", source::trace(9), "command line", "raw"}};
  EXPECT_THAT(found(audit), ElementsAre("credentials.decoy-copied MEDIUM"));
}

}  // namespace
}  // namespace skillaudit
