#include "harness/base/process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include "harness/base/error.h"
#include "harness/base/interrupt.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kOutputLimit = 64U << 20;

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

/// fork + exec in a new process group, tied to this process's life. Reports the child's exec error
/// through a close-on-exec pipe, so that "not found" is an exception here and not an exit code.
pid_t spawn(const std::vector<std::string>& argv, const std::map<std::string, std::string>& environment,
            const std::filesystem::path& directory, int in, int out, int err) {
  const std::filesystem::path program = find_program(argv.at(0));
  if (program.empty()) fail(ErrorKind::Environment, "the program {} is not installed", argv[0]);
  std::vector<std::string> arguments = argv;
  std::vector<std::string> variables = merged_environment(environment);
  std::vector<char*> argument_pointers = pointers(arguments);
  std::vector<char*> variable_pointers = pointers(variables);

  int report[2];
  if (::pipe2(report, O_CLOEXEC) != 0)
    fail(ErrorKind::Environment, "cannot create a pipe: {}", errno_text(errno));
  Fd report_read(report[0]);
  Fd report_write(report[1]);
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) fail(ErrorKind::Environment, "cannot start {}: {}", argv[0], errno_text(errno));
  if (pid == 0) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) ::signal(signal, SIG_DFL);
    const bool ready = ::getppid() == parent && ::dup2(in, 0) >= 0 && ::dup2(out, 1) >= 0 &&
                       ::dup2(err, 2) >= 0 && (directory.empty() || ::chdir(directory.c_str()) == 0);
    if (ready) ::execve(program.c_str(), argument_pointers.data(), variable_pointers.data());
    const int error_number = errno;
    [[maybe_unused]] const ssize_t ignored = ::write(report[1], &error_number, sizeof error_number);
    ::_exit(127);
  }
  report_write.reset();
  int error_number = 0;
  ssize_t got = 0;
  do {
    got = ::read(report_read.get(), &error_number, sizeof error_number);
  } while (got < 0 && errno == EINTR);
  if (got > 0) {
    ::waitpid(pid, nullptr, 0);
    fail(ErrorKind::Environment, "cannot start {}: {}", argv[0], errno_text(error_number));
  }
  return pid;
}

Fd open_or_throw(const std::filesystem::path& path, int flags) {
  Fd fd(::open(path.c_str(), flags | O_CLOEXEC, 0600));
  if (!fd) fail(ErrorKind::Environment, "cannot open {}: {}", path.string(), errno_text(errno));
  return fd;
}

std::pair<Fd, Fd> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    fail(ErrorKind::Environment, "cannot create a pipe: {}", errno_text(errno));
  return {Fd(ends[0]), Fd(ends[1])};
}

}  // namespace

Process::Process(const std::vector<std::string>& argv, const ProcessOptions& options) {
  const Fd null = open_or_throw("/dev/null", O_RDWR);
  Fd log;
  if (!options.log.empty()) log = open_or_throw(options.log, O_WRONLY | O_CREAT | O_APPEND);
  const int output = log ? log.get() : null.get();
  pid_ = spawn(argv, options.environment, options.working_directory, null.get(), output, output);
  pidfd_ = Fd(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
}

Process::~Process() { stop(); }

Process::Process(Process&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), pidfd_(std::move(other.pidfd_)), status_(other.status_) {}

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
  int status = 0;
  const pid_t got = ::waitpid(pid_, &status, WNOHANG);
  if (got == pid_) status_ = status;
  return !status_;
}

std::string Process::ending() const {
  if (!status_) return "still running";
  if (WIFSIGNALED(*status_))
    return fmt::format("killed by signal {} ({})", WTERMSIG(*status_), ::strsignal(WTERMSIG(*status_)));
  return fmt::format("exit code {}", WEXITSTATUS(*status_));
}

bool Process::wait(milliseconds timeout) {
  const auto deadline = Clock::now() + timeout;
  while (running()) {
    const auto left = std::chrono::duration_cast<milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) return false;
    pollfd end{pidfd_.get(), POLLIN, 0};
    ::poll(&end, 1, static_cast<int>(left.count()));
  }
  return true;
}

void Process::stop(milliseconds grace) {
  if (pid_ < 0) return;
  if (grace.count() > 0 && running()) {
    ::kill(pid_, SIGTERM);
    wait(grace);
  }
  if (running()) {
    ::kill(-pid_, SIGKILL);
    wait(std::chrono::seconds(10));
  } else {
    // The leader has ended; what it started may not have.
    ::kill(-pid_, SIGKILL);
  }
}

CommandResult run_command(const std::vector<std::string>& argv, const CommandOptions& options) {
  auto [in_read, in_write] = make_pipe();
  auto [out_read, out_write] = make_pipe();
  auto [err_read, err_write] = make_pipe();
  const pid_t pid = spawn(argv, options.environment, options.working_directory, in_read.get(),
                          out_write.get(), err_write.get());
  in_read.reset();
  out_write.reset();
  err_write.reset();

  CommandResult result;
  const auto deadline = Clock::now() + options.timeout;
  std::string_view input = options.input;
  if (input.empty()) in_write.reset();
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  struct sigaction previous {};
  ::sigaction(SIGPIPE, &ignore, &previous);
  bool stopped_by_user = false;
  while (out_read || err_read) {
    const auto left = std::chrono::duration_cast<milliseconds>(deadline - Clock::now());
    stopped_by_user = interrupted();
    result.timed_out = left.count() <= 0;
    if (stopped_by_user || result.timed_out) {
      ::kill(-pid, SIGKILL);
      break;
    }
    pollfd waits[] = {{out_read.get(), POLLIN, 0},
                      {err_read.get(), POLLIN, 0},
                      {in_write.get(), POLLOUT, 0},
                      {interrupt_fd(), POLLIN, 0}};
    if (::poll(waits, 4, static_cast<int>(left.count())) < 0 && errno != EINTR) break;
    const auto drain = [&](short events, Fd& fd, std::string& sink, bool is_error) {
      if (!(events & (POLLIN | POLLHUP | POLLERR))) return;
      char buffer[1 << 16];
      const ssize_t got = ::read(fd.get(), buffer, sizeof buffer);
      if (got > 0) {
        const std::string_view piece(buffer, static_cast<std::size_t>(got));
        if (is_error && options.on_stderr) options.on_stderr(piece);
        if (sink.size() < kOutputLimit) sink.append(piece);
      } else if (got == 0 || errno != EINTR) {
        fd.reset();
      }
    };
    drain(waits[0].revents, out_read, result.out, false);
    drain(waits[1].revents, err_read, result.err, true);
    if (in_write && (waits[2].revents & (POLLOUT | POLLERR))) {
      const ssize_t wrote = ::write(in_write.get(), input.data(), std::min<std::size_t>(input.size(), 4096));
      if (wrote > 0) input.remove_prefix(static_cast<std::size_t>(wrote));
      if (wrote < 0 || input.empty()) in_write.reset();
    }
  }
  ::sigaction(SIGPIPE, &previous, nullptr);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (stopped_by_user) fail(ErrorKind::Interrupted, "interrupted");
  result.exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return result;
}

std::string check_output(const std::vector<std::string>& argv, const CommandOptions& options) {
  CommandResult result = run_command(argv, options);
  if (result.timed_out)
    fail(ErrorKind::Environment, "`{}` did not end within {} s", join(argv, " "), options.timeout.count() / 1000);
  if (result.exit_code != 0) {
    const std::string_view errors = trim(result.err);
    const std::string_view tail = errors.size() > 2000 ? errors.substr(errors.size() - 2000) : errors;
    fail(ErrorKind::Environment, "`{}` failed with exit code {}: {}", shorten(join(argv, " "), 200),
         result.exit_code, printable_block(tail));
  }
  return std::move(result.out);
}

std::filesystem::path find_program(const std::string& name) {
  if (name.find('/') != std::string::npos) return ::access(name.c_str(), X_OK) == 0 ? name : "";
  const char* path = std::getenv("PATH");
  const std::string search = std::string(path ? path : "/usr/bin:/bin") + ":/usr/sbin:/sbin";
  for (const std::string_view folder : split(search, ':')) {
    const std::filesystem::path candidate = std::filesystem::path(folder) / name;
    if (!folder.empty() && ::access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return {};
}

}  // namespace skillaudit
