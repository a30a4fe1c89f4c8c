#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "harness/base/fd.h"

namespace skillaudit {

/// How another process of the same user asks the one that a VM belongs to for something: one line
/// each way over a Unix socket in the VM's folder, which only that user may enter.

/// One request; answered once. Destroying it unanswered tells the other side that no answer comes.
class Request {
 public:
  Request(std::string what, Fd answer) : what_(std::move(what)), answer_(std::move(answer)) {}
  /// "stop", "reset".
  [[nodiscard]] const std::string& what() const noexcept { return what_; }
  /// `problem` empty: it was done.
  void answer(const std::string& problem = {});

 private:
  std::string what_;
  Fd answer_;
};

/// The socket `control` in `folder`; a stale one is replaced. Move-only.
class ControlSocket {
 public:
  /// Throws Error{Environment}.
  explicit ControlSocket(const std::filesystem::path& folder);
  /// Readable when a request arrives.
  [[nodiscard]] int fd() const noexcept { return socket_.get(); }
  /// Takes a waiting request; none if the requester is another user, too slow, or gone.
  [[nodiscard]] std::optional<Request> accept();

 private:
  Fd socket_;
};

/// Asks and waits until it is done. Throws Error{Environment} with the other side's problem, or
/// when there is no answer in time.
void ask_holder(const std::filesystem::path& folder, const std::string& what,
                std::chrono::milliseconds timeout);

}  // namespace skillaudit
