#pragma once

#include <arpa/inet.h>
#include <sys/socket.h>

#include <string>

#include "harness/base/fd.h"

namespace skillaudit {

/// A port on loopback: with a listener that never says anything, or one that was free a moment ago.
class LoopbackPort {
 public:
  enum class Kind { Silent, Free };
  explicit LoopbackPort(Kind kind) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(socket_.get(), reinterpret_cast<sockaddr*>(&address), size);
    ::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size);
    number_ = std::to_string(ntohs(address.sin_port));
    if (kind == Kind::Silent)
      ::listen(socket_.get(), 4);
    else
      socket_.reset();
  }
  [[nodiscard]] const std::string& number() const { return number_; }

 private:
  Fd socket_;
  std::string number_;
};

}  // namespace skillaudit
