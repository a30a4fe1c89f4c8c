#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>
#include <iterator>

#include "harness/base/error.h"
#include "harness/base/interrupt.h"
#include "harness/base/process.h"
#include "harness/base/spawn.h"
#include "harness/base/text.h"
#include "harness/base/wait.h"

namespace skillaudit {
namespace {

constexpr std::size_t kOutputLimit = 64U << 20;
/// 64 KiB each: a pipe holds at most 1 MiB (/proc/sys/fs/pipe-max-size).
constexpr std::size_t kPipeReads = 16;

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

/// Our end of a child's output, and what came out of it.
class Drain {
 public:
  Drain(Fd fd, std::string& sink, void (*on_piece)(std::string_view))
      : fd_(std::move(fd)), sink_(sink), on_piece_(on_piece) {
    ::fcntl(fd_.get(), F_SETFL, O_NONBLOCK);
  }
  [[nodiscard]] int fd() const noexcept { return fd_.get(); }

  /// One read; false when there is nothing (more) to be had now.
  bool read_once() {
    char buffer[1 << 16];
    const ssize_t got = fd_ ? ::read(fd_.get(), buffer, sizeof buffer) : 0;
    if (got > 0) {
      const std::string_view piece(buffer, static_cast<std::size_t>(got));
      if (on_piece_) on_piece_(piece);
      sink_.append(piece.substr(0, kOutputLimit - sink_.size()));
      return true;
    }
    if (got == 0 || (errno != EINTR && errno != EAGAIN)) fd_.reset();
    return false;
  }

  /// What the pipe still holds, at most; somebody outside the group might write to it without end.
  void read_rest() {
    for (std::size_t reads = 0; reads < kPipeReads && read_once(); ++reads) {
    }
  }

 private:
  Fd fd_;
  std::string& sink_;
  void (*on_piece_)(std::string_view);
};

/// Our end of a child's input, and what has to go into it. Closes it once all is written.
class Feed {
 public:
  Feed(Fd fd, std::string_view input) : fd_(std::move(fd)), input_(input) {
    if (input_.empty()) fd_.reset();
  }
  [[nodiscard]] int fd() const noexcept { return fd_.get(); }

  /// To be called when poll(2) said POLLOUT: that promises room for PIPE_BUF bytes.
  void write_once() {
    const ssize_t wrote =
        ::write(fd_.get(), input_.data(), std::min<std::size_t>(input_.size(), PIPE_BUF));
    if (wrote > 0) input_.remove_prefix(static_cast<std::size_t>(wrote));
    if ((wrote < 0 && errno != EINTR) || input_.empty()) fd_.reset();
  }

 private:
  Fd fd_;
  std::string_view input_;
  BlockedSigpipe no_sigpipe_;
};

}  // namespace

CommandResult run_command(const std::vector<std::string>& argv, const CommandOptions& options) {
  auto [in_read, in_write] = make_pipe();
  auto [out_read, out_write] = make_pipe();
  auto [err_read, err_write] = make_pipe();
  // Kills the group and reaps, whichever way this function is left.
  Process child(spawn({.argv = argv,
                       .environment = options.environment,
                       .directory = options.working_directory,
                       .in = in_read.get(),
                       .out = out_write.get(),
                       .err = err_write.get()}));
  in_read.reset();
  out_write.reset();
  err_write.reset();

  CommandResult result;
  Feed input(std::move(in_write), options.input);
  Drain out(std::move(out_read), result.out, nullptr);
  Drain err(std::move(err_read), result.err, options.on_stderr);
  const Deadline deadline(options.timeout);
  // It is the child's end that ends the command, not the pipes': a child may close them and work
  // on, and what it left in the background may hold them open for ever.
  while (child.running()) {
    check_interrupt();
    const int left = deadline.poll_ms();
    if (left == 0) {
      result.timed_out = true;
      child.stop();
      break;
    }
    pollfd waits[] = {{out.fd(), POLLIN, 0},
                      {err.fd(), POLLIN, 0},
                      {input.fd(), POLLOUT, 0},
                      {interrupt_fd(), POLLIN, 0},
                      {child.ended_fd(), POLLIN, 0}};
    ::poll(waits, std::size(waits),
           child.ended_fd() >= 0 ? left : std::min(left, kPollWithoutPidfdMs));
    if (waits[0].revents) out.read_once();
    if (waits[1].revents) err.read_once();
    if (waits[2].revents) input.write_once();
  }
  out.read_rest();
  err.read_rest();
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

}  // namespace skillaudit
