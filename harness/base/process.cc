#include "harness/base/process.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <utility>

#include "harness/base/error.h"
#include "harness/base/interrupt.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kOutputLimit = 64U << 20;
/// 64 KiB each: a pipe holds at most 1 MiB (/proc/sys/fs/pipe-max-size).
constexpr std::size_t kPipeReads = 16;
/// How often to look where the kernel gave no pidfd, in ms.
constexpr int kPollWithoutPidfd = 20;

Clock::time_point deadline_after(milliseconds timeout) {
  return Clock::now() + std::min<milliseconds>(timeout, std::chrono::hours(24 * 365));
}

/// Milliseconds until `deadline` for poll(2), rounded up so that it never spins; 0 when it has
/// passed.
int poll_time(Clock::time_point deadline) {
  const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
  return static_cast<int>(
      std::clamp<milliseconds>(left, milliseconds(0), std::chrono::hours(24)).count());
}

/// Keeps a write to a pipe whose reader has gone from killing this process. For this thread alone:
/// the disposition of SIGPIPE belongs to all threads.
class BlockedSigpipe {
 public:
  BlockedSigpipe() {
    ::sigemptyset(&sigpipe_);
    ::sigaddset(&sigpipe_, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &sigpipe_, &previous_);
  }
  ~BlockedSigpipe() {
    constexpr timespec kNow{0, 0};
    while (::sigtimedwait(&sigpipe_, nullptr, &kNow) < 0 && errno == EINTR) {
    }
    ::pthread_sigmask(SIG_SETMASK, &previous_, nullptr);
  }
  BlockedSigpipe(const BlockedSigpipe&) = delete;
  BlockedSigpipe& operator=(const BlockedSigpipe&) = delete;

 private:
  sigset_t sigpipe_{};
  sigset_t previous_{};
};

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

std::pair<Fd, Fd> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    fail(ErrorKind::Environment, "cannot create a pipe: {}", errno_text(errno));
  return {Fd(ends[0]), Fd(ends[1])};
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

/// What a child tells of the call that failed before its program ran.
struct StartFailure {
  int error_number = 0;
  bool in_directory = false;
};

/// fork + exec in a new process group, tied to this process's life. Reports the child's exec error
/// through a close-on-exec pipe, so that "not found" is an exception here and not an exit code.
pid_t spawn(const std::vector<std::string>& argv,
            const std::map<std::string, std::string>& environment,
            const std::filesystem::path& directory, int in, int out, int err,
            const std::vector<int>& inherit = {}) {
  std::filesystem::path program = find_program(argv.at(0));
  if (program.empty()) fail(ErrorKind::Environment, "the program {} is not installed", argv[0]);
  program = std::filesystem::absolute(program);  // found from here, not from the child's folder
  std::vector<std::string> arguments = argv;
  std::vector<std::string> variables = merged_environment(environment);
  std::vector<char*> argument_pointers = pointers(arguments);
  std::vector<char*> variable_pointers = pointers(variables);
  const Fd child_in = above_standard_streams(in);
  const Fd child_out = above_standard_streams(out);
  const Fd child_err = above_standard_streams(err);
  auto [report_read, report_end] = make_pipe();
  Fd report_write = above_standard_streams(report_end.get());
  report_end.reset();

  keep_exit_codes();
  const pid_t parent = ::getpid();
  const int descriptors = static_cast<int>(std::min<long>(::sysconf(_SC_OPEN_MAX), 1 << 16));
  const pid_t pid = ::fork();
  if (pid < 0) fail(ErrorKind::Environment, "cannot start {}: {}", argv[0], errno_text(errno));
  if (pid == 0) {
    // Between fork and exec only async-signal-safe calls: other threads may hold any lock.
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) ::signal(signal, SIG_DFL);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    close_at_exec(descriptors);
    for (const int fd : inherit) ::fcntl(fd, F_SETFD, 0);
    StartFailure failure;
    if (::getppid() == parent && ::dup2(child_in.get(), 0) >= 0 &&
        ::dup2(child_out.get(), 1) >= 0 && ::dup2(child_err.get(), 2) >= 0) {
      failure.in_directory = !directory.empty() && ::chdir(directory.c_str()) != 0;
      if (!failure.in_directory)
        ::execve(program.c_str(), argument_pointers.data(), variable_pointers.data());
    }
    failure.error_number = errno;
    [[maybe_unused]] const ssize_t ignored = ::write(report_write.get(), &failure, sizeof failure);
    ::_exit(127);
  }
  report_write.reset();
  StartFailure failure;
  ssize_t got = 0;
  do {
    got = ::read(report_read.get(), &failure, sizeof failure);
  } while (got < 0 && errno == EINTR);
  if (got > 0) {
    while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
    }
    const std::string why = errno_text(failure.error_number);
    if (failure.in_directory)
      fail(ErrorKind::Environment, "cannot start {} in the folder {}: {}", argv[0],
           directory.string(), why);
    fail(ErrorKind::Environment, "cannot start {}: {}", argv[0], why);
  }
  return pid;
}

Fd open_or_throw(const std::filesystem::path& path, int flags) {
  Fd fd(::open(path.c_str(), flags | O_CLOEXEC, 0600));
  if (!fd) fail(ErrorKind::Environment, "cannot open {}: {}", path.string(), errno_text(errno));
  return fd;
}

}  // namespace

Process::Process(const std::vector<std::string>& argv, const ProcessOptions& options) {
  const Fd null = open_or_throw("/dev/null", O_RDWR);
  Fd log;
  if (!options.log.empty()) log = open_or_throw(options.log, O_WRONLY | O_CREAT | O_APPEND);
  const int output = log ? log.get() : null.get();
  *this = Process(spawn(argv, options.environment, options.working_directory, null.get(), output,
                        output, options.inherit));
}

Process::Process(pid_t child)
    : pid_(child), pidfd_(static_cast<int>(::syscall(SYS_pidfd_open, child, 0))) {}

Process::~Process() { stop(); }

Process::Process(Process&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      pidfd_(std::move(other.pidfd_)),
      status_(other.status_) {}

Process& Process::operator=(Process&& other) noexcept {
  if (this != &other) {
    stop();
    pid_ = std::exchange(other.pid_, -1);
    pidfd_ = std::move(other.pidfd_);
    status_ = other.status_;
  }
  return *this;
}

bool Process::running() {
  if (pid_ < 0 || status_) return false;
  siginfo_t info{};
  const bool ours =
      ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0;
  if (ours && info.si_pid == 0) return true;
  // Ended, not yet reaped: the number is still its own, so nobody else's group can be hit.
  if (ours) ::kill(-pid_, SIGKILL);
  int status = 255 << 8;  // where somebody else reaped it, nobody knows the exit code
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  status_ = status;
  return false;
}

std::string Process::ending() const {
  if (!status_) return "still running";
  if (WIFSIGNALED(*status_))
    return fmt::format("killed by signal {} ({})", WTERMSIG(*status_),
                       ::strsignal(WTERMSIG(*status_)));
  return fmt::format("exit code {}", WEXITSTATUS(*status_));
}

bool Process::wait(milliseconds timeout) {
  const auto deadline = deadline_after(timeout);
  while (running()) {
    const int left = poll_time(deadline);
    if (left == 0) return false;
    pollfd end{pidfd_.get(), POLLIN, 0};
    ::poll(&end, 1, pidfd_ ? left : std::min(left, kPollWithoutPidfd));
  }
  return true;
}

void Process::stop(milliseconds grace) {
  if (grace.count() > 0 && running()) {
    ::kill(pid_, SIGTERM);
    wait(grace);
  }
  if (running()) {
    ::kill(-pid_, SIGKILL);
    wait(std::chrono::seconds(10));
  }
}

CommandResult run_command(const std::vector<std::string>& argv, const CommandOptions& options) {
  auto [in_read, in_write] = make_pipe();
  auto [out_read, out_write] = make_pipe();
  auto [err_read, err_write] = make_pipe();
  for (const Fd* fd : {&out_read, &err_read}) ::fcntl(fd->get(), F_SETFL, O_NONBLOCK);
  // Kills the group and reaps, whichever way this function is left.
  Process child(spawn(argv, options.environment, options.working_directory, in_read.get(),
                      out_write.get(), err_write.get()));
  in_read.reset();
  out_write.reset();
  err_write.reset();

  CommandResult result;
  const auto deadline = deadline_after(options.timeout);
  std::string_view input = options.input;
  if (input.empty()) in_write.reset();
  const BlockedSigpipe no_sigpipe;
  // One read; false when there is nothing (more) to be had now.
  const auto drain = [&](Fd& fd, std::string& sink, bool is_error) {
    char buffer[1 << 16];
    const ssize_t got = fd ? ::read(fd.get(), buffer, sizeof buffer) : 0;
    if (got > 0) {
      const std::string_view piece(buffer, static_cast<std::size_t>(got));
      if (is_error && options.on_stderr) options.on_stderr(piece);
      sink.append(piece.substr(0, kOutputLimit - sink.size()));
      return true;
    }
    if (got == 0 || (errno != EINTR && errno != EAGAIN)) fd.reset();
    return false;
  };
  // It is the child's end that ends the command, not the pipes': a child may close them and work
  // on, and what it left in the background may hold them open for ever.
  while (child.running()) {
    check_interrupt();
    const int left = poll_time(deadline);
    if (left == 0) {
      result.timed_out = true;
      child.stop();
      break;
    }
    pollfd waits[] = {{out_read.get(), POLLIN, 0},
                      {err_read.get(), POLLIN, 0},
                      {in_write.get(), POLLOUT, 0},
                      {interrupt_fd(), POLLIN, 0},
                      {child.ended_fd(), POLLIN, 0}};
    ::poll(waits, std::size(waits),
           child.ended_fd() >= 0 ? left : std::min(left, kPollWithoutPidfd));
    if (waits[0].revents) drain(out_read, result.out, false);
    if (waits[1].revents) drain(err_read, result.err, true);
    if (waits[2].revents) {
      // POLLOUT promises room for PIPE_BUF bytes: this write does not block.
      const ssize_t wrote =
          ::write(in_write.get(), input.data(), std::min<std::size_t>(input.size(), PIPE_BUF));
      if (wrote > 0) input.remove_prefix(static_cast<std::size_t>(wrote));
      if ((wrote < 0 && errno != EINTR) || input.empty()) in_write.reset();
    }
  }
  // What the pipes still hold, at most; somebody outside the group might write to them without end.
  for (std::size_t reads = 0; reads < kPipeReads && drain(out_read, result.out, false); ++reads) {
  }
  for (std::size_t reads = 0; reads < kPipeReads && drain(err_read, result.err, true); ++reads) {
  }
  const int status = child.status_.value_or(SIGKILL);
  result.exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return result;
}

std::string check_output(const std::vector<std::string>& argv, const CommandOptions& options) {
  CommandResult result = run_command(argv, options);
  if (result.timed_out)
    fail(ErrorKind::Environment, "`{}` did not end within {} s", join(argv, " "),
         options.timeout.count() / 1000);
  if (result.exit_code != 0) {
    const std::string_view errors = trim(result.err);
    const std::string_view tail =
        errors.size() > 2000 ? errors.substr(errors.size() - 2000) : errors;
    fail(ErrorKind::Environment, "`{}` failed with exit code {}: {}", shorten(join(argv, " "), 200),
         result.exit_code, printable_block(tail));
  }
  return std::move(result.out);
}

std::filesystem::path find_program(const std::string& name) {
  const auto is_program = [](const std::filesystem::path& path) {
    std::error_code ignored;
    return ::access(path.c_str(), X_OK) == 0 && std::filesystem::is_regular_file(path, ignored);
  };
  if (name.find('/') != std::string::npos) return is_program(name) ? name : "";
  const char* path = std::getenv("PATH");
  const std::string search = std::string(path ? path : "/usr/bin:/bin") + ":/usr/sbin:/sbin";
  for (const std::string_view folder : split(search, ':')) {
    const std::filesystem::path candidate = std::filesystem::path(folder) / name;
    if (!folder.empty() && is_program(candidate)) return candidate;
  }
  return {};
}

}  // namespace skillaudit
