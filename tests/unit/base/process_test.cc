#include "harness/base/process.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <sys/wait.h>

#include <csignal>
#include <fstream>
#include <set>
#include <thread>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/temp_dir.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;
using Clock = std::chrono::steady_clock;

CommandResult shell(const std::string& script, CommandOptions options = {}) {
  return run_command({"/bin/sh", "-c", script}, options);
}

bool alive(pid_t pid) {
  if (::kill(pid, 0) != 0) return false;
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(stat, text);
  const std::size_t name_end = text.rfind(')');
  return name_end != std::string::npos && text.substr(name_end + 2, 1) != "Z";
}

/// True as soon as `condition` holds; false when it does not within ten seconds.
template <typename Condition>
bool eventually(Condition condition) {
  const auto deadline = Clock::now() + seconds(10);
  while (Clock::now() < deadline) {
    if (condition()) return true;
    ::poll(nullptr, 0, 5);
  }
  return condition();
}

template <typename Call>
std::string error_of(Call call, ErrorKind kind = ErrorKind::Environment) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind);
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return {};
}

TEST(RunCommand, KeepsTheTwoStreamsApartAndReportsTheExitCode) {
  const CommandResult result = shell("echo to-out; echo to-err >&2; exit 7");
  EXPECT_EQ(result.out, "to-out\n");
  EXPECT_EQ(result.err, "to-err\n");
  EXPECT_EQ(result.exit_code, 7);
  EXPECT_FALSE(result.timed_out);
}

TEST(RunCommand, ReportsASignalAs128PlusItsNumber) {
  EXPECT_EQ(shell("kill -TERM $$").exit_code, 143);
}

TEST(RunCommand, DrainsBothStreamsTogetherSoThatNeitherBlocksTheCommand) {
  // Each write is larger than a pipe; drained one after the other, this would never end.
  const CommandResult result = shell(
      "head -c 300000 /dev/zero >&2; head -c 300000 /dev/zero; "
      "head -c 300000 /dev/zero >&2; head -c 300000 /dev/zero");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out.size(), 600000U);
  EXPECT_EQ(result.err.size(), 600000U);
}

TEST(RunCommand, FeedsInputLargerThanAPipe) {
  CommandOptions options;
  options.input = std::string(1 << 20, 'x') + "end";
  EXPECT_EQ(run_command({"cat"}, options).out, options.input);
}

TEST(RunCommand, SurvivesACommandThatDoesNotReadItsInput) {
  CommandOptions options;
  options.input = std::string(1 << 20, 'x');
  EXPECT_EQ(shell("exec 0<&-; exit 3", options).exit_code, 3);
}

TEST(RunCommand, KeepsAtMost64MiBOfAStream) {
  EXPECT_EQ(shell("head -c 70000000 /dev/zero").out.size(), 64U << 20);
}

TEST(RunCommand, KillsTheWholeGroupAtTheTimeout) {
  CommandOptions options;
  options.timeout = milliseconds(300);
  const CommandResult result = shell("sleep 600 & echo $!; echo before; sleep 600", options);
  EXPECT_TRUE(result.timed_out);
  EXPECT_EQ(result.exit_code, 128 + SIGKILL);
  EXPECT_THAT(result.out, HasSubstr("before"));
  const pid_t background = std::stoi(result.out);
  EXPECT_TRUE(eventually([&] { return !alive(background); }))
      << "pid " << background << " lives on";
}

TEST(RunCommand, TimesOutACommandThatClosedItsOutput) {
  CommandOptions options;
  options.timeout = milliseconds(300);
  const auto started = Clock::now();
  EXPECT_TRUE(shell("exec >&- 2>&-; sleep 600", options).timed_out);
  EXPECT_LT(Clock::now() - started, seconds(30));
}

TEST(RunCommand, EndsWithTheCommandThoughABackgroundChildHoldsThePipe) {
  CommandOptions options;
  options.timeout = seconds(60);
  const auto started = Clock::now();
  const CommandResult result = shell("sleep 600 & echo $!", options);
  EXPECT_LT(Clock::now() - started, seconds(30));
  EXPECT_FALSE(result.timed_out);
  EXPECT_EQ(result.exit_code, 0);
  const pid_t background = std::stoi(result.out);
  EXPECT_TRUE(eventually([&] { return !alive(background); }))
      << "pid " << background << " lives on";
}

TEST(RunCommand, ReportsTheExitCodeThoughSigchldWasIgnored) {
  const auto previous = ::signal(SIGCHLD, SIG_IGN);
  EXPECT_EQ(shell("exit 9").exit_code, 9);
  ::signal(SIGCHLD, previous);
}

TEST(RunCommand, GivesTheChildAnEmptySignalMask) {
  sigset_t all;
  sigset_t previous;
  sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &previous);
  const CommandResult result = run_command({"grep", "SigBlk", "/proc/self/status"});
  ::pthread_sigmask(SIG_SETMASK, &previous, nullptr);
  EXPECT_EQ(result.out, "SigBlk:\t0000000000000000\n");
}

TEST(RunCommand, LeavesTheSignalMaskAsItWas) {
  sigset_t mask;
  CommandOptions options;
  options.input = std::string(1 << 20, 'x');
  shell("exec 0<&-", options);
  ::pthread_sigmask(SIG_BLOCK, nullptr, &mask);
  EXPECT_EQ(sigismember(&mask, SIGPIPE), 0);
  sigpending(&mask);
  EXPECT_EQ(sigismember(&mask, SIGPIPE), 0);
}

TEST(RunCommand, AddsToAndReplacesTheEnvironment) {
  ::setenv("SKILLAUDIT_UNIT_A", "outer", 1);
  ::setenv("SKILLAUDIT_UNIT_B", "outer", 1);
  CommandOptions options;
  options.environment = {{"SKILLAUDIT_UNIT_B", "inner"}, {"SKILLAUDIT_UNIT_C", "new"}};
  EXPECT_EQ(shell("echo $SKILLAUDIT_UNIT_A $SKILLAUDIT_UNIT_B $SKILLAUDIT_UNIT_C", options).out,
            "outer inner new\n");
}

TEST(RunCommand, HandsStderrOverAsItComes) {
  static std::string seen;
  seen.clear();
  CommandOptions options;
  options.on_stderr = [](std::string_view piece) { seen += piece; };
  EXPECT_EQ(shell("echo progress >&2; echo result", options).err, "progress\n");
  EXPECT_EQ(seen, "progress\n");
}

TEST(RunCommand, KillsTheCommandWhenACallbackThrows) {
  static pid_t started = 0;
  CommandOptions options;
  options.on_stderr = [](std::string_view piece) {
    started = std::stoi(std::string(piece));
    throw std::runtime_error("no");
  };
  EXPECT_THROW(shell("echo $$ >&2; sleep 600", options), std::runtime_error);
  ASSERT_GT(started, 0);
  EXPECT_FALSE(alive(started));
}

TEST(RunCommand, WorksWithTheStandardStreamsClosed) {
  // In a child of its own: closing them here would silence the test program.
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    for (const int fd : {0, 1, 2}) ::close(fd);
    CommandOptions options;
    options.input = "in";
    const CommandResult result =
        run_command({"/bin/sh", "-c", "cat; echo err >&2; echo out"}, options);
    ::_exit(result.out == "inout\n" && result.err == "err\n" ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST(RunCommand, NamesAProgramThatIsNotInstalled) {
  EXPECT_EQ(error_of([] { run_command({"skillaudit-no-such-program"}); }),
            "the program skillaudit-no-such-program is not installed");
}

TEST(RunCommand, ReportsAnExecErrorAsAnException) {
  const TempDir dir;
  const auto file = dir.path() / "not-a-program";
  write_file(file,
             std::string("\x7f"
                         "ELF broken"),
             0755);
  EXPECT_THAT(error_of([&] { run_command({file.string()}); }),
              HasSubstr("cannot start " + file.string()));
}

TEST(RunCommand, NamesAWorkingDirectoryThatIsMissing) {
  CommandOptions options;
  options.working_directory = "/no/such/folder";
  EXPECT_EQ(error_of([&] { run_command({"true"}, options); }),
            "cannot start true in the folder /no/such/folder: No such file or directory");
}

TEST(RunCommand, FindsARelativeProgramFromHereNotFromTheWorkingDirectory) {
  const TempDir dir;
  write_file(dir.path() / "tool", "#!/bin/sh\npwd\n", 0755);
  const auto relative = std::filesystem::relative(dir.path() / "tool");
  CommandOptions options;
  options.working_directory = "/usr";
  EXPECT_EQ(run_command({relative.string()}, options).out, "/usr\n");
}

TEST(CheckOutput, ReturnsWhatTheCommandPrinted) {
  EXPECT_EQ(check_output({"echo", "yes"}), "yes\n");
}

TEST(CheckOutput, ThrowsWithTheEndOfStderrMadePrintable) {
  const std::string message = error_of([] {
    check_output({"/bin/sh", "-c", "printf 'why: \\033[31mred' >&2; exit 4"});
  });
  EXPECT_THAT(message, HasSubstr("exit code 4: why: \\x1b[31mred"));
}

TEST(CheckOutput, ThrowsAtTheTimeout) {
  CommandOptions options;
  options.timeout = milliseconds(1000);
  EXPECT_EQ(error_of([&] {
              check_output({"sleep", "600"}, options);
            }),
            "`sleep 600` did not end within 1 s");
}

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
