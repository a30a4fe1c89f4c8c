#include "harness/base/process.h"

#include <gmock/gmock.h>
#include <sys/wait.h>

#include <csignal>

#include "harness/base/file.h"
#include "harness/base/temp_dir.h"
#include "tests/unit/base/in_shell.h"

namespace skillaudit {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;
using Clock = std::chrono::steady_clock;

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

}  // namespace
}  // namespace skillaudit
