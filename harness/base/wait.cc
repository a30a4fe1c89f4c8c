#include "harness/base/wait.h"

#include <poll.h>

#include <algorithm>

#include "harness/base/interrupt.h"

namespace skillaudit {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

Deadline::Deadline(milliseconds timeout)
    : at_(Clock::now() + std::min<milliseconds>(timeout, std::chrono::hours(24 * 365))) {}

int Deadline::poll_ms() const {
  const auto left = std::chrono::ceil<milliseconds>(at_ - Clock::now());
  return static_cast<int>(
      std::clamp<milliseconds>(left, milliseconds(0), std::chrono::hours(24)).count());
}

bool wait_ready(int fd, short events, const Deadline& deadline) {
  for (;;) {
    check_interrupt();
    const int left = deadline.poll_ms();
    if (left == 0) return false;
    pollfd waits[] = {{fd, events, 0}, {interrupt_fd(), POLLIN, 0}};  // poll(2) passes over a -1
    ::poll(waits, 2, left);
    if (waits[0].revents) return true;
  }
}

}  // namespace skillaudit
