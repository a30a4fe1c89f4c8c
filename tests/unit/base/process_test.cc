#include "harness/base/process.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <sys/wait.h>

#include <csignal>
#include <set>

#include "harness/base/file.h"
#include "harness/base/temp_dir.h"
#include "harness/base/text.h"
#include "tests/unit/base/in_shell.h"

namespace skillaudit {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(ProcessTest, IsKilledWithItsGroupOnDestruction) {
  const TempDir dir;
  const auto pids = dir.path() / "pids";
  pid_t leader = 0;
  pid_t background = 0;
  {
    ProcessOptions options;
    options.log = pids;
    Process process({"/bin/sh", "-c", "sleep 600 & echo $! ready; wait"}, options);
    leader = process.pid();
    ASSERT_TRUE(eventually([&] { return read_file(pids).find("ready") != std::string::npos; }));
    background = std::stoi(read_file(pids));
    EXPECT_TRUE(process.running());
    EXPECT_TRUE(alive(background));
  }
  EXPECT_FALSE(alive(leader));
  EXPECT_TRUE(eventually([&] { return !alive(background); }));
}

TEST(ProcessTest, DiesWithItsParent) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t parent = ::fork();
  ASSERT_GE(parent, 0);
  if (parent == 0) {
    Process process({"sleep", "600"});
    const pid_t pid = process.pid();
    if (::write(ends[1], &pid, sizeof pid) != sizeof pid) ::_exit(1);
    ::kill(::getpid(), SIGKILL);  // no destructor runs
  }
  ::close(ends[1]);
  pid_t child = 0;
  ASSERT_EQ(::read(ends[0], &child, sizeof child), static_cast<ssize_t>(sizeof child));
  ::close(ends[0]);
  ::waitpid(parent, nullptr, 0);
  EXPECT_TRUE(eventually([&] { return !alive(child); }));
}

TEST(ProcessTest, SaysHowItEnded) {
  Process exits({"/bin/sh", "-c", "exit 3"});
  ASSERT_TRUE(exits.wait(seconds(30)));
  EXPECT_EQ(exits.ending(), "exit code 3");
  EXPECT_FALSE(exits.running());

  Process killed({"/bin/sh", "-c", "kill -KILL $$"});
  ASSERT_TRUE(killed.wait(seconds(30)));
  EXPECT_EQ(killed.ending(), "killed by signal 9 (Killed)");
}

TEST(ProcessTest, KillsWhatIsLeftOfItsGroupOnceItHasEnded) {
  const TempDir dir;
  ProcessOptions options;
  options.log = dir.path() / "log";
  Process process({"/bin/sh", "-c", "sleep 600 & echo $!"}, options);
  ASSERT_TRUE(process.wait(seconds(30)));
  const pid_t background = std::stoi(read_file(options.log));
  EXPECT_TRUE(eventually([&] { return !alive(background); }));
}

TEST(ProcessTest, WaitGivesUpAtItsTimeout) {
  Process process({"sleep", "600"});
  EXPECT_FALSE(process.wait(milliseconds(50)));
  EXPECT_TRUE(process.running());
  EXPECT_EQ(process.ending(), "still running");
}

TEST(ProcessTest, StopAsksFirstAndLetsTheProcessEndItself) {
  const TempDir dir;
  ProcessOptions options;
  options.log = dir.path() / "log";
  Process process(
      {"/bin/sh", "-c", "trap 'echo bye; exit 5' TERM; echo ready; while :; do sleep 0.05; done"},
      options);
  ASSERT_TRUE(eventually([&] { return read_file(options.log) == "ready\n"; }));
  process.stop(seconds(30));
  EXPECT_EQ(process.ending(), "exit code 5");
  EXPECT_EQ(read_file(options.log), "ready\nbye\n");
}

TEST(ProcessTest, StopKillsWhatIgnoresTheRequest) {
  const TempDir dir;
  ProcessOptions options;
  options.log = dir.path() / "log";
  Process process({"/bin/sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.05; done"},
                  options);
  ASSERT_TRUE(eventually([&] { return read_file(options.log) == "ready\n"; }));
  process.stop(milliseconds(100));
  EXPECT_EQ(process.ending(), "killed by signal 9 (Killed)");
}

TEST(ProcessTest, EndedFdBecomesReadableAtTheEnd) {
  Process process({"true"});
  pollfd end{process.ended_fd(), POLLIN, 0};
  EXPECT_EQ(::poll(&end, 1, 30000), 1);
}

TEST(ProcessTest, MovingHandsTheChildOver) {
  Process first({"sleep", "600"});
  const pid_t pid = first.pid();
  Process second(std::move(first));
  EXPECT_FALSE(first.running());  // NOLINT(bugprone-use-after-move): a moved-from Process is empty
  EXPECT_TRUE(second.running());
  second = Process({"sleep", "600"});
  EXPECT_FALSE(alive(pid)) << "assignment ends the child that was held before";
  EXPECT_TRUE(second.running());
}

TEST(ProcessTest, HandsNoDescriptorToTheChildThatWasNotAskedFor) {
  const TempDir dir;
  // As if this program had been started with a descriptor open, by flock(1) say.
  const Fd inherited(::open(dir.path().c_str(), O_RDONLY));
  ASSERT_EQ(::fcntl(inherited.get(), F_GETFD), 0);
  ProcessOptions options;
  options.log = dir.path() / "log";
  Process process({"ls", "/proc/self/fd"}, options);
  ASSERT_TRUE(process.wait(seconds(30)));
  std::set<int> seen;
  const std::string listing = read_file(options.log);
  for (const std::string_view line : split(listing, '\n'))
    seen.insert(std::stoi(std::string(line)));
  EXPECT_EQ(seen, (std::set<int>{0, 1, 2, 3}));  // 3 is the folder that ls itself reads
}

TEST(FindProgram, SearchesPathAndTheSystemFolders) {
  const TempDir dir;
  write_file(dir.path() / "skillaudit-tool", "#!/bin/sh\n", 0755);
  write_file(dir.path() / "skillaudit-data", "text", 0644);
  std::filesystem::create_directory(dir.path() / "skillaudit-folder");
  const std::string path = ::getenv("PATH");
  ::setenv("PATH", (dir.path().string() + "::/usr/bin").c_str(), 1);
  EXPECT_EQ(find_program("skillaudit-tool"), dir.path() / "skillaudit-tool");
  EXPECT_EQ(find_program("skillaudit-data"), "");
  EXPECT_EQ(find_program("skillaudit-folder"), "") << "folders have x bits too";
  EXPECT_EQ(find_program((dir.path() / "skillaudit-folder").string()), "");
  EXPECT_EQ(find_program("skillaudit-nothing"), "");
  ::setenv("PATH", path.c_str(), 1);
}

}  // namespace
}  // namespace skillaudit
