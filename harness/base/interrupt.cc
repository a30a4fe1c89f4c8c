#include "harness/base/interrupt.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>

#include "harness/base/error.h"
#include "harness/base/wait.h"

namespace skillaudit {
namespace {

std::atomic<bool> g_interrupted{false};
int g_pipe[2] = {-1, -1};

extern "C" void on_signal(int) {
  const int saved = errno;
  if (!g_interrupted.exchange(true)) {
    // The byte is read by forget_interrupt() alone: the pipe stays readable for every later wait.
    [[maybe_unused]] const ssize_t ignored = ::write(g_pipe[1], "!", 1);
  }
  errno = saved;
}

}  // namespace

void install_interrupt_handlers() {
  if (g_pipe[0] >= 0) return;
  if (::pipe2(g_pipe, O_CLOEXEC | O_NONBLOCK) != 0)
    fail(ErrorKind::Environment, "cannot create a pipe: {}", errno_text(errno));
  struct sigaction action {};
  action.sa_handler = on_signal;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction present {};
    // nohup(1) ignores SIGHUP so that a run outlives its terminal: that wish is kept.
    if (signal == SIGHUP && ::sigaction(signal, nullptr, &present) == 0 &&
        present.sa_handler == SIG_IGN)
      continue;
    ::sigaction(signal, &action, nullptr);
  }
}

int interrupt_fd() noexcept { return g_pipe[0]; }
bool interrupted() noexcept { return g_interrupted; }

void check_interrupt() {
  if (g_interrupted) fail(ErrorKind::Interrupted, "interrupted");
}

void forget_interrupt() noexcept {
  char byte = 0;
  while (g_pipe[0] >= 0 && ::read(g_pipe[0], &byte, 1) == 1) {
  }
  g_interrupted = false;
}

void interruptible_sleep(std::chrono::milliseconds duration) {
  [[maybe_unused]] const bool never = wait_ready(-1, 0, Deadline(duration));
}

}  // namespace skillaudit
