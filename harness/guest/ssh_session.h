#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace skillaudit {

struct SshTarget {
  std::uint16_t port = 0;  ///< on 127.0.0.1
  std::string user;
  std::string client_private_key;  ///< OpenSSH PEM
  std::string host_public_key;     ///< "ssh-ed25519 AAAA…": any other host is refused
  /// The key that the guest is changing from, accepted as well; empty: none.
  std::string former_host_public_key = {};
};

struct ExecOptions {
  std::chrono::milliseconds timeout = std::chrono::seconds(60);
  std::string input;  ///< stdin; end of file follows
  /// Called whenever stdout has grown, until it has an answer: that is sent too, and then end of
  /// file. What it throws ends the command.
  std::function<std::optional<std::string>(std::string_view out)> answer = {};
  std::size_t output_limit = 64U << 20;  ///< bytes kept of stdout, and of stderr
  /// Asked twice a second while waiting; false ends the wait ("the VM has died").
  std::function<bool()> still_alive;
};

struct ExecResult {
  std::optional<int> exit_code;  ///< none when a signal ended it, or it did not end
  std::string signal;            ///< "KILL" when a signal ended it
  std::string out;
  std::string err;
  bool out_truncated = false;
  bool err_truncated = false;
  bool timed_out = false;  ///< its channel was closed; what it started may live on
};

/// One SSH connection to the guest (libssh), for a whole audit: connecting costs about a second
/// under emulation, a command on an open session a tenth. Move-only; closed when destroyed.
///
/// The guest is hostile: its host key must be the expected one, all it sends is bounded. Losing the
/// connection throws Error{Evidence}; Ctrl-C throws Error{Interrupted}.
class SshSession {
 public:
  /// Tries until it answers or `timeout` passes; `still_alive` false ends the attempts at once.
  static SshSession connect(const SshTarget& target, std::chrono::milliseconds timeout,
                            const std::function<bool()>& still_alive = {});
  ~SshSession();
  SshSession(SshSession&&) noexcept;
  SshSession& operator=(SshSession&&) noexcept;

  /// Runs `command` by the user's login shell with stdout and stderr drained together.
  ExecResult exec(const std::string& command, const ExecOptions& options = {});
  /// As exec(), but a failure of any kind throws Error{Evidence} that says `what` could not be
  /// done.
  std::string check(const std::string& what, const std::string& command,
                    const ExecOptions& options = {});

 private:
  struct Impl;
  explicit SshSession(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace skillaudit
