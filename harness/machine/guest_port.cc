#include "harness/machine/guest_port.h"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/base/wait.h"

namespace skillaudit {
namespace {

constexpr std::size_t kLongestLine = 4096;

void wait_for(int socket, short events, const Deadline& deadline) {
  if (!wait_ready(socket, events, deadline))
    fail(ErrorKind::Evidence, "the guest does not answer on its serial port");
}

}  // namespace

void GuestPort::write(std::string_view bytes, Timeout timeout) {
  const Deadline deadline(timeout);
  while (!bytes.empty()) {
    wait_for(socket_.get(), POLLOUT, deadline);
    const ssize_t wrote =
        ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (wrote < 0 && errno != EAGAIN && errno != EINTR)
      fail(ErrorKind::Evidence, "cannot write to the guest's serial port: {}", errno_text(errno));
    if (wrote > 0) bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
}

std::string GuestPort::read_until(const std::function<bool(std::string_view)>& whole,
                                  std::size_t limit, Timeout timeout) {
  const Deadline deadline(timeout);
  while (!whole(buffer_)) {
    if (buffer_.size() > limit)
      fail(ErrorKind::Evidence, "the guest sent more than {} bytes on its serial port", limit);
    wait_for(socket_.get(), POLLIN, deadline);
    char piece[1 << 14];
    const ssize_t got = ::recv(socket_.get(), piece, sizeof piece, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (got <= 0) fail(ErrorKind::Evidence, "the guest's serial port is closed");
    buffer_.append(piece, static_cast<std::size_t>(got));
  }
  return std::exchange(buffer_, {});
}

void GuestPort::drain() {
  // No more than the hypervisor and the kernel hold: a guest that writes without end is not waited
  // for.
  constexpr int kMostPieces = 256;
  buffer_.clear();
  char piece[1 << 14];
  for (int i = 0; i < kMostPieces; ++i)
    if (::recv(socket_.get(), piece, sizeof piece, MSG_DONTWAIT) <= 0) return;
}

std::string GuestPort::read_line(Timeout timeout) {
  std::string text =
      read_until([](std::string_view bytes) { return bytes.find('\n') != std::string_view::npos; },
                 kLongestLine, timeout);
  const std::size_t end = text.find('\n');
  buffer_ = text.substr(end + 1);
  text.resize(end);
  return text;
}

}  // namespace skillaudit
