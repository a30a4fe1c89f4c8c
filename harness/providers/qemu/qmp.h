#pragma once

#include <chrono>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "harness/base/fd.h"
#include "harness/base/wait.h"

namespace skillaudit {

/// QEMU's machine protocol over a socket pair that QEMU inherited, so that there is no socket file
/// for anyone else to open. Every call throws Error{Evidence} when QEMU has gone or does not
/// answer.
class Qmp {
 public:
  Qmp() = default;
  /// `socket`: our end. The greeting is read on the first command.
  explicit Qmp(Fd socket) : socket_(std::move(socket)) {}

  /// The `return` value of a command; QEMU's own error text in the exception when it refuses.
  nlohmann::json execute(const std::string& command);
  nlohmann::json execute(const std::string& command, const nlohmann::json& arguments,
                         std::chrono::milliseconds timeout = std::chrono::seconds(20));
  /// Hands `fd` to QEMU under `name` (getfd).
  void send_fd(const std::string& name, int fd);
  /// A human-monitor command's text.
  std::string human(const std::string& command_line);
  /// The host's loopback port that reaches the guest's port 22.
  std::uint16_t ssh_port();
  /// Waits until a migration (either way) has completed.
  void wait_migrated(const std::string& direction, std::chrono::milliseconds timeout);

 private:
  void handshake();
  nlohmann::json command(const std::string& name, const nlohmann::json& arguments, int fd,
                         std::chrono::milliseconds timeout);
  nlohmann::json read_message(const Deadline& deadline);

  Fd socket_;
  std::string buffer_;
  bool ready_ = false;
};

}  // namespace skillaudit
