#include "harness/base/process.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "harness/base/error.h"
#include "harness/base/spawn.h"
#include "harness/base/text.h"
#include "harness/base/wait.h"

namespace skillaudit {
namespace {

using std::chrono::milliseconds;

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
  *this = Process(spawn({.argv = argv,
                         .environment = options.environment,
                         .directory = options.working_directory,
                         .in = null.get(),
                         .out = output,
                         .err = output,
                         .inherit = options.inherit}));
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

std::optional<int> Process::exit_code() const {
  if (!status_ || !WIFEXITED(*status_)) return std::nullopt;
  return WEXITSTATUS(*status_);
}

bool Process::wait(milliseconds timeout) {
  const Deadline deadline(timeout);
  while (running()) {
    const int left = deadline.poll_ms();
    if (left == 0) return false;
    pollfd end{pidfd_.get(), POLLIN, 0};
    ::poll(&end, 1, pidfd_ ? left : std::min(left, kPollWithoutPidfdMs));
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
