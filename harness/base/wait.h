#pragma once

#include <chrono>

namespace skillaudit {

/// When a wait gives up. Time-outs of more than a year count as a year.
class Deadline {
 public:
  explicit Deadline(std::chrono::milliseconds timeout);
  /// Milliseconds that are left, as poll(2) takes them: rounded up, so that a loop never spins, and
  /// a day at most. 0 once it has passed.
  [[nodiscard]] int poll_ms() const;
  [[nodiscard]] bool passed() const { return poll_ms() == 0; }

 private:
  std::chrono::steady_clock::time_point at_;
};

/// Waits until `fd` is ready for `events` (POLLIN, POLLOUT) or has an error, which the next read or
/// write reports; false when the deadline passes first. With -1 there is only the deadline. Throws
/// Error{Interrupted} as soon as a signal comes.
[[nodiscard]] bool wait_ready(int fd, short events, const Deadline& deadline);

}  // namespace skillaudit
