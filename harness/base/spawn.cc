#include "harness/base/spawn.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string_view>

#include "harness/base/error.h"
#include "harness/base/process.h"

namespace skillaudit {
namespace {

std::vector<std::string> merged_environment(const std::map<std::string, std::string>& extra) {
  std::vector<std::string> merged;
  for (char** entry = environ; *entry; ++entry) {
    const std::string_view text = *entry;
    if (!extra.contains(std::string(text.substr(0, text.find('='))))) merged.emplace_back(text);
  }
  for (const auto& [name, value] : extra) merged.push_back(name + "=" + value);
  return merged;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> result;
  for (std::string& s : strings) result.push_back(s.data());
  result.push_back(nullptr);
  return result;
}

/// A copy above stderr. A descriptor that is 0, 1 or 2 already (this process was started with one
/// of them closed) would lose its close-on-exec flag, or be overwritten, in the child's dup2().
Fd above_standard_streams(int fd) {
  Fd copy(::fcntl(fd, F_DUPFD_CLOEXEC, 3));
  if (!copy)
    fail(ErrorKind::Environment, "cannot duplicate a file descriptor: {}", errno_text(errno));
  return copy;
}

/// Some launchers leave SIGCHLD ignored; the kernel then throws exit codes away, and a command that
/// failed would look like one that did not.
void keep_exit_codes() {
  struct sigaction action {};
  if (::sigaction(SIGCHLD, nullptr, &action) == 0 &&
      (action.sa_handler == SIG_IGN || (action.sa_flags & SA_NOCLDWAIT)))
    ::signal(SIGCHLD, SIG_DFL);
}

/// What this program was itself started with, a lock of the caller's say, is not the child's to
/// hold. Called between fork and exec.
void close_at_exec(int descriptors) {
#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC (1U << 2)
#endif
  if (::syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC) == 0) return;
  for (int fd = 3; fd < descriptors; ++fd) ::fcntl(fd, F_SETFD, FD_CLOEXEC);  // before Linux 5.11
}

/// What a child reports of the call that failed before its program ran.
struct StartFailure {
  int error_number = 0;
  bool in_directory = false;
};

/// All that the child needs, made before the fork: after it only async-signal-safe calls are
/// allowed, since other threads may hold any lock.
struct Prepared {
  explicit Prepared(const SpawnSpec& spec)
      : program(find_program(spec.argv.at(0))),
        arguments(spec.argv),
        variables(merged_environment(spec.environment)),
        argument_pointers(pointers(arguments)),
        variable_pointers(pointers(variables)),
        in(above_standard_streams(spec.in)),
        out(above_standard_streams(spec.out)),
        err(above_standard_streams(spec.err)) {
    if (program.empty())
      fail(ErrorKind::Environment, "the program {} is not installed", spec.argv[0]);
    program = std::filesystem::absolute(program);  // found from here, not from the child's folder
  }

  std::filesystem::path program;
  std::vector<std::string> arguments, variables;
  std::vector<char*> argument_pointers, variable_pointers;
  Fd in, out, err;
  pid_t parent = ::getpid();
  int descriptors = static_cast<int>(std::min<long>(::sysconf(_SC_OPEN_MAX), 1 << 16));
};

/// The child's side of the fork.
[[noreturn]] void become_program(const SpawnSpec& spec, const Prepared& prepared, int report) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) ::signal(signal, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  close_at_exec(prepared.descriptors);
  for (const int fd : spec.inherit) ::fcntl(fd, F_SETFD, 0);
  StartFailure failure;
  if (::getppid() == prepared.parent && ::dup2(prepared.in.get(), 0) >= 0 &&
      ::dup2(prepared.out.get(), 1) >= 0 && ::dup2(prepared.err.get(), 2) >= 0) {
    failure.in_directory = !spec.directory.empty() && ::chdir(spec.directory.c_str()) != 0;
    if (!failure.in_directory)
      ::execve(prepared.program.c_str(), prepared.argument_pointers.data(),
               prepared.variable_pointers.data());
  }
  failure.error_number = errno;
  [[maybe_unused]] const ssize_t ignored = ::write(report, &failure, sizeof failure);
  ::_exit(127);
}

/// Waits until the child runs its program; throws what it reports instead.
void expect_started(const SpawnSpec& spec, pid_t child, int report) {
  StartFailure failure;
  ssize_t got = 0;
  do {
    got = ::read(report, &failure, sizeof failure);
  } while (got < 0 && errno == EINTR);
  if (got <= 0) return;
  while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
  const std::string why = errno_text(failure.error_number);
  if (failure.in_directory)
    fail(ErrorKind::Environment, "cannot start {} in the folder {}: {}", spec.argv[0],
         spec.directory.string(), why);
  fail(ErrorKind::Environment, "cannot start {}: {}", spec.argv[0], why);
}

}  // namespace

pid_t spawn(const SpawnSpec& spec) {
  const Prepared prepared(spec);
  auto [report_read, report_end] = make_pipe();
  Fd report_write = above_standard_streams(report_end.get());
  report_end.reset();
  keep_exit_codes();
  const pid_t pid = ::fork();
  if (pid < 0) fail(ErrorKind::Environment, "cannot start {}: {}", spec.argv[0], errno_text(errno));
  if (pid == 0) become_program(spec, prepared, report_write.get());
  report_write.reset();
  expect_started(spec, pid, report_read.get());
  return pid;
}

std::pair<Fd, Fd> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    fail(ErrorKind::Environment, "cannot create a pipe: {}", errno_text(errno));
  return {Fd(ends[0]), Fd(ends[1])};
}

}  // namespace skillaudit
