#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "harness/base/fd.h"

namespace skillaudit {

/// Our end of a serial port of the guest (virtio-serial, over a socket pair that the hypervisor
/// inherited).
/// It reaches a process that the template left waiting for it, without the second that an SSH
/// handshake costs. Each call throws Error{Evidence} when the guest does not answer in time,
/// Error{Interrupted} on Ctrl-C.
class GuestPort {
 public:
  using Timeout = std::chrono::milliseconds;

  GuestPort() = default;
  explicit GuestPort(Fd socket) : socket_(std::move(socket)) {}

  void write(std::string_view bytes, Timeout timeout);
  /// Up to the next line feed, which is left out. At most 4 KiB.
  std::string read_line(Timeout timeout);
  /// What comes until `whole` says of it that nothing is missing; at most `limit` bytes.
  std::string read_until(const std::function<bool(std::string_view)>& whole, std::size_t limit,
                         Timeout timeout);
  /// Discards data that was received but not read: any process in the guest could have written it.
  void drain();

 private:
  Fd socket_;
  std::string buffer_;
};

}  // namespace skillaudit
