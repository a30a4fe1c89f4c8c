// Runs the real program against this machine: what it reads of it is enough to tell whether it
// works, and nothing here depends on what is installed on it beyond Debian's essentials.
#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>

#include "harness/agents/places.h"
#include "harness/base/fd.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/base/process.h"
#include "harness/base/temp_dir.h"
#include "harness/snapshot/capture.h"
#include "harness/snapshot/details.h"
#include "tests/paths.h"

namespace skillaudit {
namespace {

using testing::Contains;
using testing::Field;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using std::string_literals::operator""s;

/// What the program says to these requests.
std::string say(const std::string& requests) {
  CommandOptions options;
  options.input = requests;
  options.environment = {{"LC_ALL", "de_DE.UTF-8"}, {"PATH", "/nonexistent"}, {"TZ", "Asia/Tokyo"}};
  const auto result = run_command({SKILLAUDIT_WITNESS, "-"}, options);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.err, "");
  return result.out;
}

/// What follows "answer 0123\n".
std::string answer_to(const std::string& requests) {
  const std::string said = say(requests);
  EXPECT_THAT(said, testing::StartsWith("answer 0123\n"));
  return said.substr(std::min<std::size_t>(said.size(), 12));
}

std::string capture_of(const std::filesystem::path& root) {
  return answer_to("capture 0123 0 " + root.string() + " -\n");
}

Details details_of(const std::vector<std::string>& paths, const std::vector<Package>& packages) {
  const std::string requests = detail_requests(paths, packages);
  return parse_details(
      answer_to("details 0123 " + std::to_string(requests.size()) + "\n" + requests));
}

class Capture : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    TempDir& dir = *new TempDir;
    dir_ = &dir;
    std::ofstream(dir.path() / "plain") << "hello";
    std::ofstream(dir.path() / "two\nlines 'and' \"quotes\" $(false)") << "x";
    std::ofstream(dir.path() / "\xff\xfe") << "";
    std::filesystem::create_symlink("no such\ntarget", dir.path() / "link");
    std::filesystem::create_directory(dir.path() / "folder");
    ::chmod((dir.path() / "plain").c_str(), 04751);
    raw_ = new RawSnapshot(parse_frames(capture_of(dir.path())));
    snapshot_ = new Snapshot(parse_snapshot(*raw_));
  }
  static void TearDownTestSuite() {
    delete snapshot_;
    delete raw_;
    delete dir_;
  }

  static const FileEntry* file(const std::string& name) {
    const std::string path = (dir_->path() / name).string();
    const auto it = std::find_if(snapshot_->files.begin(), snapshot_->files.end(),
                                 [&](const FileEntry& f) { return f.path == path; });
    return it == snapshot_->files.end() ? nullptr : &*it;
  }

  static inline TempDir* dir_ = nullptr;
  static inline RawSnapshot* raw_ = nullptr;
  static inline Snapshot* snapshot_ = nullptr;
};

TEST_F(Capture, SendsEveryTableAndFailsInNoneThatThisMachineHas) {
  for (const auto& gap : snapshot_->gaps) {
    // A container has no systemd to ask; everything else is there on any Linux.
    EXPECT_EQ(gap.scope.table, Table::Units) << gap.text;
  }
}

TEST_F(Capture, ListsFilesAsTheyAre) {
  EXPECT_THAT(snapshot_->files, SizeIs(6));
  const FileEntry* plain = file("plain");
  ASSERT_TRUE(plain);
  struct stat status {};
  ASSERT_EQ(::lstat(plain->path.c_str(), &status), 0);
  EXPECT_EQ(plain->type, FileType::Regular);
  EXPECT_EQ(plain->mode, 04751U);
  EXPECT_EQ(plain->size, 5U);
  EXPECT_EQ(plain->uid, status.st_uid);
  EXPECT_EQ(plain->mtime_ns, status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec);
  EXPECT_EQ(plain->ctime_ns, status.st_ctim.tv_sec * 1'000'000'000 + status.st_ctim.tv_nsec);
  ASSERT_TRUE(file("link"));
  EXPECT_EQ(file("link")->link_target, "no such\ntarget");
  EXPECT_TRUE(file("two\nlines 'and' \"quotes\" $(false)"));
  EXPECT_TRUE(file("\xff\xfe"));
}

TEST_F(Capture, SeesThisProcessAndNoneOfItsOwn) {
  const auto self = std::find_if(snapshot_->processes.begin(), snapshot_->processes.end(),
                                 [](const ProcessEntry& p) { return p.pid == ::getpid(); });
  ASSERT_NE(self, snapshot_->processes.end());
  EXPECT_EQ(self->path, std::filesystem::read_symlink("/proc/self/exe").string());
  EXPECT_EQ(self->uid, ::getuid());
  EXPECT_FALSE(self->command_line.empty());
  for (const auto& process : snapshot_->processes) EXPECT_NE(process.parent, ::getpid());
}

TEST_F(Capture, KnowsTheAccountsPackagesAndConfigurationOfThisMachine) {
  EXPECT_THAT(snapshot_->users, Contains(User{"root", 0, 0, "/root", "/bin/bash"}));
  EXPECT_THAT(snapshot_->groups, Contains(Field(&Group::groupname, "root")));
  EXPECT_THAT(snapshot_->packages, Contains(Field(&Package::name, "dpkg")));
  EXPECT_THAT(snapshot_->mounts, Contains(Field(&Mount::path, "/")));
  EXPECT_THAT(snapshot_->config, Contains(ConfigText{"/etc/passwd", read_file("/etc/passwd")}));
  EXPECT_THAT(snapshot_->cron, Contains(Field(&CronEntry::source, "/etc/cron.daily/dpkg")));
  EXPECT_THAT(snapshot_->units, Contains(testing::AllOf(Field(&Unit::scope, "system"),
                                                        Field(&Unit::id, "dpkg-db-backup.timer"))))
      << "dpkg itself brings this one";
}

TEST_F(Capture, KeepsTheTextOfEachPlaceOfTheTableAndOfNoOther) {
  const auto is_kept = [&](const std::string& path) {
    return std::any_of(snapshot_->config.begin(), snapshot_->config.end(),
                       [&](const ConfigText& text) { return text.path == path; });
  };
  for (const KnownPlace& place : kPlaces) {
    if (place.whose() == Whose::Project || place.is_folder()) continue;
    const std::string path =
        (place.whose() == Whose::Home ? "/root" : "") + std::string(place.path());
    const auto status = std::filesystem::symlink_status(path);
    if (!std::filesystem::is_regular_file(status)) continue;
    if (path.ends_with(".gpg") || path.ends_with(".asc")) continue;  // keys are no text
    const bool of_folder = path.starts_with("/etc/apt/");
    EXPECT_EQ(is_kept(path), place.has(kTextKept) || of_folder) << path;
  }
  for (const std::string& path : {"/etc/pam.d/login"s, "/etc/apt/apt.conf.d/01autoremove"s})
    EXPECT_EQ(is_kept(path), std::filesystem::exists(path)) << path;
}

TEST(Witness, NamesTheOwnerOfAListeningSocket) {
  const TempDir dir;
  const std::string path = (dir.path() / "odd\nname").string();
  const Fd listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  ASSERT_LT(path.size(), sizeof address.sun_path);
  std::copy(path.begin(), path.end(), address.sun_path);
  ASSERT_EQ(::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(::listen(listener.get(), 1), 0);
  const auto snapshot = parse_snapshot(parse_frames(capture_of(dir.path())));
  const auto it = std::find_if(snapshot.sockets.begin(), snapshot.sockets.end(),
                               [&](const SocketEntry& s) { return s.path == path; });
  ASSERT_NE(it, snapshot.sockets.end());
  EXPECT_THAT(it->process, testing::EndsWith("[" + std::to_string(::getpid()) + "]"));
}

TEST(Witness, TellsAnUnknownRequestAndServesTheNext) {
  EXPECT_THAT(say("dance\nping\n"),
              testing::MatchesRegex("failed [^\n]*\n[0-9]+\\.[0-9]{6} [0-9]+\\.[0-9]{6}\n"));
}

TEST(Witness, WithMalformedRequestsForDetailsSaysSo) {
  EXPECT_THAT(say("details 0123 3\nx\0y"s), testing::HasSubstr("malformed"));
}

TEST(Witness, WalksFoldersDeeperThanAPathMayBeLong) {
  const TempDir dir;
  // Made from within, since no call takes so long a path.
  const std::string name(200, 'x');
  Fd folder(::open(dir.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  for (int i = 0; i < 60; ++i) {
    ASSERT_EQ(::mkdirat(folder.get(), name.c_str(), 0755), 0);
    folder = Fd(::openat(folder.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  }
  const auto files = parse_snapshot(parse_frames(capture_of(dir.path()))).files;
  EXPECT_EQ(files.size(), 61U);
  EXPECT_GT(files.back().path.size(), 12000U);
  run_command({"/bin/rm", "-rf", (dir.path() / name).string()});
}

TEST(Witness, ShowsTimesBefore1970AsTheDiskDoes) {
  const TempDir dir;
  write_file(dir.path() / "old", "");
  const timespec times[2] = {{-5, 250'000'000}, {-5, 250'000'000}};
  ASSERT_EQ(::utimensat(AT_FDCWD, (dir.path() / "old").c_str(), times, 0), 0);
  const auto files = parse_snapshot(parse_frames(capture_of(dir.path()))).files;
  ASSERT_THAT(files, SizeIs(2));
  EXPECT_EQ(files[1].mtime_ns, -4'750'000'000);
}

TEST(WitnessDetails, HashesRegularFilesOnlyAndFollowsNoLink) {
  const TempDir dir;
  const std::string odd = (dir.path() / "two\nlines '\"$(false)\xff").string();
  const std::string link = (dir.path() / "link").string();
  const std::string fifo = (dir.path() / "fifo").string();
  const std::string gone = (dir.path() / "gone").string();
  const std::string big = (dir.path() / "big").string();
  std::ofstream(odd) << "content";
  std::filesystem::create_symlink(odd, link);
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  std::ofstream(big) << "";
  std::filesystem::resize_file(big, (1ULL << 28) + 1);
  const auto details = details_of({odd, link, fifo, gone, big}, {});
  EXPECT_THAT(details.gaps, IsEmpty());
  ASSERT_THAT(details.digests, SizeIs(1));
  EXPECT_EQ(details.digests[0].path, odd);
  EXPECT_EQ(details.digests[0].sha256, sha256("content"));
  EXPECT_THAT(details.notes, SizeIs(4));
  EXPECT_THAT(details.notes,
              Contains(testing::Field(&Gap::text, testing::HasSubstr("over 256 MiB"))));
}

TEST(WitnessDetails, ListsTheFilesOfPackagesOfEachManager) {
  const TempDir dir;
  const auto site = dir.path() / "lib/python3.11/site-packages";
  std::filesystem::create_directories(site / "My_Tool-1.0.dist-info");
  write_file(site / "My_Tool-1.0.dist-info" / "RECORD",
             "my_tool/__init__.py,sha256=x,1\n\"my_tool/a,b.py\",,\n../../../bin/my-tool,,\n");
  const auto modules = dir.path() / "lib/node_modules";
  std::filesystem::create_directories(modules / "@s/pkg/lib");
  write_file(modules / "@s/pkg/lib/index.js", "");
  std::filesystem::create_directories(dir.path() / "bin");
  std::filesystem::create_symlink("../lib/node_modules/@s/pkg/lib/index.js",
                                  dir.path() / "bin/pkg");
  const auto details = details_of({}, {{"dpkg", "dpkg", "", ""},
                                       {"dpkg", "libc6", "", ""},
                                       {"dpkg", "../../../../etc/passwd", "", ""},
                                       {"pip", "my-tool", "1.0", site.string()},
                                       {"npm", "@s/pkg", "", modules.string()}});
  EXPECT_THAT(details.gaps, IsEmpty());
  ASSERT_THAT(details.package_files, SizeIs(4));
  EXPECT_THAT(details.package_files[0].paths, Contains("/usr/bin/dpkg"));
  EXPECT_EQ(details.package_files[1].package, "libc6") << "its list is libc6:amd64.list";
  EXPECT_THAT(details.package_files[1].paths, Not(IsEmpty()));
  EXPECT_THAT(details.package_files[2].paths,
              testing::IsSupersetOf({(site / "my_tool/__init__.py").string(),
                                     (site / "my_tool/a,b.py").string(),
                                     (dir.path() / "bin/my-tool").string()}));
  EXPECT_THAT(details.package_files[3].paths,
              testing::UnorderedElementsAre(
                  (modules / "@s/pkg").string(), (modules / "@s/pkg/lib").string(),
                  (modules / "@s/pkg/lib/index.js").string(), (dir.path() / "bin/pkg").string()));
}

TEST(WitnessDetails, TakesMoreInputThanAPipeHolds) {
  std::vector<std::string> paths;
  for (int i = 0; i < 20000; ++i) paths.push_back("/nonexistent/" + std::to_string(i));
  const auto details = details_of(paths, {});
  EXPECT_THAT(details.gaps, IsEmpty());
  EXPECT_THAT(details.notes, SizeIs(20000));
}

/// A server of this machine's that answers one request, in a process of its own below this one.
struct Server {
  Server() {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(socket, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(socket, 1), 0);
    ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
    pid = ::fork();
    if (pid == 0) {
      ::setsid();
      const int client = ::accept(socket, nullptr, nullptr);
      char request[512];
      [[maybe_unused]] auto got = ::read(client, request, sizeof request);
      got = ::write(client, "HTTP/1.1 204 None\r\n\r\n", 23);
      ::close(client);
      ::sleep(1000);
    }
    ::close(socket);
  }
  ~Server() {
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
  }
  std::uint16_t port = 0;
  pid_t pid = 0;
};

TEST(Step, IsWatchedAskedAndEndedByRequests) {
  const Server server;
  const std::string self = std::to_string(::getpid());
  const std::string port = std::to_string(server.port);
  EXPECT_THAT(
      answer_to("watch 0123 " + self + "\n"),
      testing::MatchesRegex("watched [0-9]+ [0-9]+ [0-9]+ [0-9]+ [0-9]+ -1 " + port + "\n"));
  EXPECT_EQ(answer_to("ask 0123 " + port + " 4\nGET "), "asked 204\n");
  EXPECT_EQ(answer_to("ask 0123 1 4\nGET "), "asked 0\n");
  // Asleep for a thousand seconds now.
  const std::string watched = answer_to("watch 0123 " + self + "\n");
  EXPECT_THAT(watched, testing::HasSubstr(" 1000000 "));
  EXPECT_EQ(answer_to("signal 0123 " + std::to_string(server.pid) + " 9\n"), "signalled 0\n");
}

}  // namespace
}  // namespace skillaudit
