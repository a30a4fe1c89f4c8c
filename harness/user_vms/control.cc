#include "harness/user_vms/control.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/base/wait.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr std::size_t kLineLimit = 4096;
/// A question is one short line, written at once.
constexpr milliseconds kQuestionTime{1000};

/// An address holds 107 bytes, a cache's path may be longer: so it is reached by its folder's
/// descriptor.
sockaddr_un address_in(const Fd& folder) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = fmt::format("/proc/self/fd/{}/control", folder.get());
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

Fd open_folder(const fs::path& folder) {
  Fd fd(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!fd) fail(ErrorKind::Environment, "cannot open {}: {}", folder.string(), errno_text(errno));
  return fd;
}

Fd new_socket() {
  Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) fail(ErrorKind::Environment, "cannot create a socket: {}", errno_text(errno));
  return fd;
}

/// A line without its line feed; none when the other side ends or takes too long.
std::optional<std::string> read_line(int socket, milliseconds timeout) {
  const Deadline deadline(timeout);
  std::string line;
  while (line.size() < kLineLimit) {
    if (!wait_ready(socket, POLLIN, deadline)) return std::nullopt;
    char byte = 0;
    const ssize_t got = ::read(socket, &byte, 1);
    if (got == 1 && byte == '\n') return line;
    if (got == 1) line += byte;
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) return std::nullopt;
  }
  return std::nullopt;
}

bool write_line(int socket, const std::string& text) {
  const std::string line = text + "\n";
  return ::send(socket, line.data(), line.size(), MSG_NOSIGNAL) ==
         static_cast<ssize_t>(line.size());
}

}  // namespace

void Request::answer(const std::string& problem) {
  if (answer_)
    write_line(answer_.get(), problem.empty() ? "done" : shorten(printable(problem), 3000));
  answer_.reset();
}

ControlSocket::ControlSocket(const fs::path& folder) : socket_(new_socket()) {
  std::error_code ignored;
  fs::remove(folder / "control", ignored);
  const Fd place = open_folder(folder);
  const sockaddr_un address = address_in(place);
  if (::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(socket_.get(), 8) != 0)
    fail(ErrorKind::Environment, "cannot listen in {}: {}", folder.string(), errno_text(errno));
}

std::optional<Request> ControlSocket::accept() {
  Fd peer(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!peer) return std::nullopt;
  ucred who{};
  socklen_t size = sizeof who;
  if (::getsockopt(peer.get(), SOL_SOCKET, SO_PEERCRED, &who, &size) != 0 || who.uid != ::geteuid())
    return std::nullopt;
  std::optional<std::string> what = read_line(peer.get(), kQuestionTime);
  if (!what) return std::nullopt;
  return Request(std::move(*what), std::move(peer));
}

void ask_holder(const fs::path& folder, const std::string& what, milliseconds timeout) {
  const Fd place = open_folder(folder);
  const sockaddr_un address = address_in(place);
  const Fd socket = new_socket();
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      !write_line(socket.get(), what))
    fail(ErrorKind::Environment, "the process that runs the VM does not answer: {}",
         errno_text(errno));
  const std::optional<std::string> answer = read_line(socket.get(), timeout);
  if (!answer)
    fail(ErrorKind::Environment, "the process that runs the VM did not {} it within {} s", what,
         timeout.count() / 1000);
  if (*answer != "done") fail(ErrorKind::Environment, "{}", *answer);
}

}  // namespace skillaudit
