#include "harness/witness/channel.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace witness {

void Channel::fill() {
  std::array<char, 1U << 16> piece;  // NOLINT: written by read() before it is read
  for (;;) {
    const ssize_t got = ::read(in_, piece.data(), piece.size());
    if (got > 0) {
      buffer_.append(piece.data(), static_cast<std::size_t>(got));
      return;
    }
    if (got < 0 && errno == EINTR) {
      if (on_signal_) on_signal_();
      continue;
    }
    if (!patient_) throw End{};
    ::usleep(20'000);  // nobody at the host's end
  }
}

std::string Channel::read_line() {
  std::size_t end = 0;
  while ((end = buffer_.find('\n')) == std::string::npos) fill();
  std::string line = buffer_.substr(0, end);
  buffer_.erase(0, end + 1);
  return line;
}

std::string Channel::read(std::size_t size) {
  while (buffer_.size() < size) fill();
  std::string bytes = buffer_.substr(0, size);
  buffer_.erase(0, size);
  return bytes;
}

void Channel::write(std::string_view bytes) { write_all(out_, bytes); }

Stream::Stream(Channel& channel) : channel_(channel) { channel_.write("skillaudit-capture 1\n"); }

void Stream::table(std::string_view name, std::string_view bytes) { frame(name, 0, bytes, ""); }

void Stream::failure(std::string_view name, std::string message) {
  std::replace(message.begin(), message.end(), '\n', ' ');
  frame(name, 1, "", message);
}

void Stream::frame(std::string_view name, int code, std::string_view bytes,
                   std::string_view message) {
  std::string head = "table ";
  head.append(name).append(code == 0 ? " 0 " : " 1 ").append(std::to_string(bytes.size()));
  head.append(" ").append(message).append("\n");
  channel_.write(head);
  channel_.write(bytes);
  channel_.write("\n");
  ++count_;
}

void Stream::end() { channel_.write("end " + std::to_string(count_) + "\n"); }

}  // namespace witness
