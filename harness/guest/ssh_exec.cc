#include "harness/guest/ssh_exec.h"

#include <libssh/callbacks.h>
#include <libssh/libssh.h>
#include <poll.h>

#include <algorithm>
#include <string_view>

#include "harness/base/error.h"
#include "harness/base/interrupt.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// How long output may still come after the command has ended: a process that it left behind may
/// hold the pipe open for ever.
constexpr milliseconds kDrainAfterExit{300};
/// Seconds in which sshd must open a channel. The first one waits for PAM and systemd-logind, which
/// under emulation on a busy machine takes more than ten.
constexpr long kPatience = 60;

/// A channel, closed when it goes, and what the guest said of its command's end.
struct Channel {
  explicit Channel(ssh_session session) : handle(ssh_channel_new(session)) {
    if (!handle)
      fail(ErrorKind::Evidence, "no SSH channel to the guest: {}",
           printable(ssh_get_error(session)));
    callbacks.userdata = this;
    callbacks.channel_exit_status_function = [](ssh_session, ssh_channel, int status, void* self) {
      static_cast<Channel*>(self)->exit_code = status;
    };
    callbacks.channel_exit_signal_function = [](ssh_session, ssh_channel, const char* name, int,
                                                const char*, const char*, void* self) {
      static_cast<Channel*>(self)->signal =
          name ? printable(std::string_view(name).substr(0, 32)) : "?";
    };
    ssh_callbacks_init(&callbacks);
    ssh_set_channel_callbacks(handle, &callbacks);
  }
  ~Channel() {
    ssh_remove_channel_callbacks(handle, &callbacks);
    ssh_channel_free(handle);
  }
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  [[nodiscard]] bool ended() const { return exit_code || !signal.empty(); }

  ssh_channel handle;
  ssh_channel_callbacks_struct callbacks{};
  std::optional<int> exit_code;
  std::string signal;
};

/// Handles what the connection brings. Reading a channel does not: once a stream has ended, libssh
/// answers "end of file" without looking at the socket, and the exit status that sshd sends after
/// it would never be seen.
class Pump {
 public:
  explicit Pump(ssh_session session) : session_(session), event_(ssh_event_new()) {
    if (!event_ || ssh_event_add_session(event_, session_) != SSH_OK)
      fail(ErrorKind::Internal, "libssh cannot poll its session");
    // Only to end the wait: check_interrupt() does the rest.
    if (interrupt_fd() >= 0)
      ssh_event_add_fd(
          event_, interrupt_fd(), POLLIN, [](socket_t, int, void*) { return 0; }, nullptr);
  }
  ~Pump() {
    // Not by ssh_event_free(), which forgets what it keeps of a descriptor.
    if (interrupt_fd() >= 0) ssh_event_remove_fd(event_, interrupt_fd());
    ssh_event_remove_session(event_, session_);
    ssh_event_free(event_);
  }
  Pump(const Pump&) = delete;
  Pump& operator=(const Pump&) = delete;

  /// Until something came, Ctrl-C, or `limit`.
  void wait(milliseconds limit) {
    ssh_event_dopoll(event_, static_cast<int>(limit.count()));
    check_interrupt();
  }

 private:
  ssh_session session_;
  ssh_event event_;
};

/// Starts the command. Not by libssh's own waiting, which Ctrl-C does not end.
void start(ssh_session session, Channel& channel, const std::string& command, Pump& pump) {
  const auto deadline = Clock::now() + std::chrono::seconds(kPatience);
  const auto finish = [&](const auto& step) {
    int result = step();
    for (; result == SSH_AGAIN && ssh_is_connected(session) && Clock::now() < deadline;
         result = step())
      pump.wait(milliseconds(500));
    return result == SSH_OK;
  };
  ssh_set_blocking(session, 0);
  const bool started =
      finish([&] { return ssh_channel_open_session(channel.handle); }) &&
      finish([&] { return ssh_channel_request_exec(channel.handle, command.c_str()); });
  ssh_set_blocking(session, 1);
  if (!started) ssh_lost(session, "the guest does not run a command");
}

/// One command's way: its input goes in, its output comes out, until it has ended.
class Exchange {
 public:
  Exchange(ssh_session session, const std::string& command, const ExecOptions& options)
      : session_(session),
        options_(options),
        channel_(session),
        pump_(session),
        input_(options.input),
        deadline_(Clock::now() + options.timeout) {
    start(session_, channel_, command, pump_);
  }

  ExecResult run() {
    for (;;) {
      check_interrupt();
      bool progressed = write_input();
      if (read_output(false, result_.out, result_.out_truncated)) {
        progressed = true;
        answer_output();
      }
      progressed |= read_output(true, result_.err, result_.err_truncated);
      if (channel_.ended() && !ended_at_) ended_at_ = Clock::now();
      if (is_over(progressed)) break;
      if (!progressed) wait();
    }
    if (!channel_.ended() && !result_.timed_out)
      fail(ErrorKind::Evidence, "the guest closed a command's channel without an exit status");
    result_.exit_code = channel_.exit_code;
    result_.signal = channel_.signal;
    return std::move(result_);
  }

 private:
  /// True when something could be written.
  bool write_input() {
    if (!input_open_) return false;
    bool progressed = false;
    const std::uint32_t window = ssh_channel_window_size(channel_.handle);
    const std::size_t size = std::min<std::size_t>({input_.size(), window, 1U << 15});
    if (size > 0) {
      const int wrote =
          ssh_channel_write(channel_.handle, input_.data(), static_cast<std::uint32_t>(size));
      if (wrote < 0) {
        // The command closed its stdin or ended: that is its affair.
        input_open_ = false;
      } else {
        input_.remove_prefix(static_cast<std::size_t>(wrote));
        progressed = wrote > 0;
      }
    }
    if (input_.empty() && input_open_ && (answer_ || !options_.answer)) {
      ssh_channel_send_eof(channel_.handle);
      input_open_ = false;
    }
    return progressed;
  }

  /// Reads what is there of one stream; true when something was.
  bool read_output(bool is_error, std::string& sink, bool& truncated) {
    const int got = ssh_channel_read_nonblocking(
        channel_.handle, buffer_.data(), static_cast<std::uint32_t>(buffer_.size()), is_error);
    if (got == SSH_ERROR && !ssh_channel_is_eof(channel_.handle))
      ssh_lost(session_, "the guest's output ended unexpectedly");
    if (got <= 0) return false;
    const std::size_t room = options_.output_limit - std::min(options_.output_limit, sink.size());
    sink.append(buffer_, 0, std::min<std::size_t>(room, static_cast<std::size_t>(got)));
    if (static_cast<std::size_t>(got) > room) truncated = true;
    return true;
  }

  void answer_output() {
    if (options_.answer && !answer_ && input_.empty() && (answer_ = options_.answer(result_.out)))
      input_ = *answer_;
  }

  bool is_over(bool progressed) {
    if (ssh_channel_is_closed(channel_.handle)) return true;
    if (ssh_channel_is_eof(channel_.handle) && channel_.ended() && !progressed) return true;
    if (ended_at_ && Clock::now() - *ended_at_ > kDrainAfterExit && !progressed) return true;
    if (Clock::now() > deadline_) result_.timed_out = true;
    return result_.timed_out;
  }

  void wait() {
    if (!ssh_is_connected(session_)) ssh_lost(session_, "the connection to the guest was lost");
    if (options_.still_alive && Clock::now() - asked_ > milliseconds(500)) {
      asked_ = Clock::now();
      if (!options_.still_alive())
        fail(ErrorKind::Evidence, "the VM ended while a command ran in it");
    }
    const auto left = std::chrono::ceil<milliseconds>(deadline_ - Clock::now());
    pump_.wait(std::clamp(left, milliseconds(0), milliseconds(ended_at_ ? 50 : 500)));
  }

  ssh_session session_;
  const ExecOptions& options_;
  Channel channel_;
  Pump pump_;
  ExecResult result_;
  std::string_view input_;
  std::optional<std::string> answer_;
  bool input_open_ = true;
  Clock::time_point deadline_;
  Clock::time_point asked_ = Clock::now();
  std::optional<Clock::time_point> ended_at_;
  std::string buffer_ = std::string(1 << 16, '\0');
};

}  // namespace

ExecResult ssh_exec(ssh_session_struct* session, const std::string& command,
                    const ExecOptions& options) {
  return Exchange(session, command, options).run();
}

void ssh_lost(ssh_session_struct* session, const std::string& what) {
  const std::string why = printable(ssh_get_error(session));
  fail(ErrorKind::Evidence, "{}: {}", what, why.empty() ? "no answer" : why);
}

}  // namespace skillaudit
