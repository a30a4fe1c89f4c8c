#include "harness/guest/ssh_session.h"

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

using KeyHandle = std::unique_ptr<ssh_key_struct, decltype(&ssh_key_free)>;

/// How long output may still come after the command has ended: a process that it left behind may
/// hold the pipe open for ever.
constexpr milliseconds kDrainAfterExit{300};
/// Seconds in which sshd must open a channel. The first one waits for PAM and systemd-logind, which
/// under emulation on a busy machine takes more than ten.
constexpr long kPatience = 60;

KeyHandle import_public_key(const std::string& line) {
  const std::string base64 = line.substr(line.find(' ') + 1);
  ssh_key key = nullptr;
  if (ssh_pki_import_pubkey_base64(base64.c_str(), SSH_KEYTYPE_ED25519, &key) != SSH_OK)
    fail(ErrorKind::Internal, "the guest's host key is not an ed25519 key");
  return {key, ssh_key_free};
}

KeyHandle import_private_key(const std::string& pem) {
  ssh_key key = nullptr;
  if (ssh_pki_import_privkey_base64(pem.c_str(), nullptr, nullptr, nullptr, &key) != SSH_OK)
    fail(ErrorKind::Internal, "the client key for the guest cannot be read");
  return {key, ssh_key_free};
}

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

/// Starts the command. Not by libssh's own waiting, which Ctrl-C does not end. `lost` throws.
template <typename Lost>
void start(ssh_session session, Channel& channel, const std::string& command, Pump& pump,
           const Lost& lost) {
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
  if (!started) lost();
}

}  // namespace

struct SshSession::Impl {
  ssh_session session = ssh_new();
  ~Impl() {
    if (!session) return;
    ssh_silent_disconnect(session);
    ssh_free(session);
  }
  [[noreturn]] void lost(const std::string& what) {
    const std::string why = printable(ssh_get_error(session));
    fail(ErrorKind::Evidence, "{}: {}", what, why.empty() ? "no answer" : why);
  }
};

SshSession::SshSession(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SshSession::~SshSession() = default;
SshSession::SshSession(SshSession&&) noexcept = default;
SshSession& SshSession::operator=(SshSession&&) noexcept = default;

SshSession SshSession::connect(const SshTarget& target, milliseconds timeout,
                               const std::function<bool()>& still_alive) {
  std::vector<KeyHandle> expected_hosts;
  for (const std::string& key : {target.host_public_key, target.former_host_public_key})
    if (!key.empty()) expected_hosts.push_back(import_public_key(key));
  const KeyHandle client = import_private_key(target.client_private_key);
  const auto deadline = Clock::now() + timeout;
  std::string last_error = "no answer";
  while (Clock::now() < deadline) {
    check_interrupt();
    if (still_alive && !still_alive())
      fail(ErrorKind::Evidence, "the VM ended before its SSH server answered");
    auto impl = std::make_unique<Impl>();
    const unsigned int port = target.port;
    const long seconds = 10;
    const int no = 0;
    ssh_options_set(impl->session, SSH_OPTIONS_HOST, "127.0.0.1");
    ssh_options_set(impl->session, SSH_OPTIONS_PORT, &port);
    ssh_options_set(impl->session, SSH_OPTIONS_USER, target.user.c_str());
    ssh_options_set(impl->session, SSH_OPTIONS_TIMEOUT, &seconds);
    ssh_options_set(impl->session, SSH_OPTIONS_PROCESS_CONFIG, &no);
    ssh_options_set(impl->session, SSH_OPTIONS_HOSTKEYS, "ssh-ed25519");
    // The user's own keys, agent and known_hosts have no part in this.
    ssh_options_set(impl->session, SSH_OPTIONS_KNOWNHOSTS, "/dev/null");
    ssh_options_set(impl->session, SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null");
    if (ssh_connect(impl->session) != SSH_OK) {
      last_error = ssh_get_error(impl->session);
      interruptible_sleep(milliseconds(100));
      continue;
    }
    ssh_key presented = nullptr;
    if (ssh_get_server_publickey(impl->session, &presented) != SSH_OK)
      impl->lost("the guest sent no host key");
    const KeyHandle shown(presented, ssh_key_free);
    if (std::none_of(expected_hosts.begin(), expected_hosts.end(), [&](const KeyHandle& expected) {
          return ssh_key_cmp(shown.get(), expected.get(), SSH_KEY_CMP_PUBLIC) == 0;
        }))
      fail(ErrorKind::Evidence,
           "the SSH server on port {} is not the guest: its host key is different", target.port);
    const int authenticated = ssh_userauth_publickey(impl->session, nullptr, client.get());
    if (authenticated == SSH_AUTH_SUCCESS) return SshSession(std::move(impl));
    last_error = ssh_get_error(impl->session);
    // cloud-init may not have written authorized_keys yet.
    interruptible_sleep(milliseconds(500));
  }
  fail(ErrorKind::Evidence, "login to the guest's SSH server failed within {} s: {}",
       std::chrono::duration_cast<std::chrono::seconds>(timeout).count(), printable(last_error));
}

ExecResult SshSession::exec(const std::string& command, const ExecOptions& options) {
  ssh_session session = impl_->session;
  if (!ssh_is_connected(session))
    fail(ErrorKind::Evidence, "the SSH connection to the guest is closed");
  Channel channel(session);
  Pump pump(session);
  start(session, channel, command, pump, [&] { impl_->lost("the guest does not run a command"); });
  ExecResult result;
  std::string_view input = options.input;
  std::optional<std::string> answer;
  bool input_open = true;
  const auto deadline = Clock::now() + options.timeout;
  auto asked = Clock::now();
  std::optional<Clock::time_point> ended_at;
  std::string buffer(1 << 16, '\0');

  // Reads what is there of one stream; true when something was.
  const auto drain = [&](bool is_error, std::string& sink, bool& truncated) {
    const int got = ssh_channel_read_nonblocking(
        channel.handle, buffer.data(), static_cast<std::uint32_t>(buffer.size()), is_error);
    if (got == SSH_ERROR && !ssh_channel_is_eof(channel.handle))
      impl_->lost("the guest's output ended unexpectedly");
    if (got <= 0) return false;
    const std::size_t room = options.output_limit - std::min(options.output_limit, sink.size());
    sink.append(buffer, 0, std::min<std::size_t>(room, static_cast<std::size_t>(got)));
    if (static_cast<std::size_t>(got) > room) truncated = true;
    return true;
  };

  for (;;) {
    check_interrupt();
    bool progressed = false;
    if (input_open) {
      const std::uint32_t window = ssh_channel_window_size(channel.handle);
      const std::size_t size = std::min<std::size_t>({input.size(), window, 1U << 15});
      if (size > 0) {
        const int wrote =
            ssh_channel_write(channel.handle, input.data(), static_cast<std::uint32_t>(size));
        if (wrote < 0) {
          // The command closed its stdin or ended: that is its affair.
          input_open = false;
        } else {
          input.remove_prefix(static_cast<std::size_t>(wrote));
          progressed = wrote > 0;
        }
      }
      if (input.empty() && input_open && (answer || !options.answer)) {
        ssh_channel_send_eof(channel.handle);
        input_open = false;
      }
    }
    if (drain(false, result.out, result.out_truncated)) {
      progressed = true;
      if (options.answer && !answer && input.empty() && (answer = options.answer(result.out)))
        input = *answer;
    }
    progressed |= drain(true, result.err, result.err_truncated);
    if (channel.ended() && !ended_at) ended_at = Clock::now();
    if (ssh_channel_is_closed(channel.handle)) break;
    if (ssh_channel_is_eof(channel.handle) && channel.ended() && !progressed) break;
    if (ended_at && Clock::now() - *ended_at > kDrainAfterExit && !progressed) break;
    if (Clock::now() > deadline) {
      result.timed_out = true;
      break;
    }
    if (progressed) continue;
    if (!ssh_is_connected(session)) impl_->lost("the connection to the guest was lost");
    if (options.still_alive && Clock::now() - asked > milliseconds(500)) {
      asked = Clock::now();
      if (!options.still_alive())
        fail(ErrorKind::Evidence, "the VM ended while a command ran in it");
    }
    const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
    pump.wait(std::clamp(left, milliseconds(0), milliseconds(ended_at ? 50 : 500)));
  }
  if (!channel.ended() && !result.timed_out)
    fail(ErrorKind::Evidence, "the guest closed a command's channel without an exit status");
  result.exit_code = channel.exit_code;
  result.signal = channel.signal;
  return result;
}

std::string SshSession::check(const std::string& what, const std::string& command,
                              const ExecOptions& options) {
  ExecResult result = exec(command, options);
  if (result.timed_out)
    fail(ErrorKind::Evidence, "{}: not finished within {} s", what, options.timeout.count() / 1000);
  if (result.exit_code != 0)
    fail(ErrorKind::Evidence, "{}: exit code {}: {}", what,
         result.exit_code ? std::to_string(*result.exit_code) : "none, signal " + result.signal,
         printable_block(shorten(trim(result.err), 1000)));
  if (result.out_truncated)
    fail(ErrorKind::Evidence, "{}: the guest sent more than {} bytes", what, options.output_limit);
  return std::move(result.out);
}

}  // namespace skillaudit
