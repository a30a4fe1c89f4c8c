#include "harness/providers/qemu/qmp.h"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/interrupt.h"
#include "harness/base/json_text.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

void send_with_fd(int socket, const std::string& text, int fd) {
  iovec data{const_cast<char*>(text.data()), text.size()};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  if (fd >= 0) {
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(header), &fd, sizeof fd);
  }
  if (::sendmsg(socket, &message, MSG_NOSIGNAL) != static_cast<ssize_t>(text.size()))
    fail(ErrorKind::Evidence, "cannot send a command to QEMU's control socket: {}",
         errno_text(errno));
}

}  // namespace

json Qmp::read_message(const Deadline& deadline) {
  for (;;) {
    if (const std::size_t end = buffer_.find('\n'); end != std::string::npos) {
      const std::string line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      return parse_json(line);
    }
    if (!wait_ready(socket_.get(), POLLIN, deadline))
      fail(ErrorKind::Evidence, "QEMU does not answer on its control socket");
    char piece[1 << 14];
    const ssize_t got = ::read(socket_.get(), piece, sizeof piece);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) fail(ErrorKind::Evidence, "QEMU has ended: its control socket is closed");
    buffer_.append(piece, static_cast<std::size_t>(got));
  }
}

void Qmp::handshake() {
  if (ready_) return;
  ready_ = true;
  read_message(Deadline(std::chrono::seconds(20)));
  command("qmp_capabilities", json::object(), -1, std::chrono::seconds(20));
}

json Qmp::command(const std::string& name, const json& arguments, int fd, milliseconds timeout) {
  const Deadline deadline(timeout);
  send_with_fd(socket_.get(), json_text(json{{"execute", name}, {"arguments", arguments}}) + "\n",
               fd);
  for (;;) {
    const json message = read_message(deadline);
    if (message.contains("return")) return message["return"];
    if (message.contains("error"))
      fail(ErrorKind::Evidence, "QEMU rejected {}: {}", name,
           printable(message["error"].value("desc", "")));
    // Anything else is an event; nobody waits for one.
  }
}

json Qmp::execute(const std::string& name) { return execute(name, json::object()); }

json Qmp::execute(const std::string& name, const json& arguments, milliseconds timeout) {
  handshake();
  return command(name, arguments, -1, timeout);
}

void Qmp::send_fd(const std::string& name, int fd) {
  handshake();
  command("getfd", {{"fdname", name}}, fd, std::chrono::seconds(20));
}

std::string Qmp::human(const std::string& command_line) {
  return execute("human-monitor-command", {{"command-line", command_line}}).get<std::string>();
}

std::uint16_t Qmp::ssh_port() {
  // "  TCP[HOST_FORWARD]  12       127.0.0.1 41234       10.0.2.15    22     0     0"
  for (const std::string& line : [&] {
         std::vector<std::string> lines;
         const std::string text = human("info usernet");
         for (const std::string_view part : split(text, '\n')) lines.emplace_back(trim(part));
         return lines;
       }()) {
    if (line.find("HOST_FORWARD") == std::string::npos) continue;
    std::vector<std::string_view> words;
    for (const std::string_view word : split(line, ' '))
      if (!trim(word).empty()) words.push_back(trim(word));
    std::uint16_t port = 0;
    if (words.size() > 3 &&
        std::from_chars(words[3].data(), words[3].data() + words[3].size(), port).ec == std::errc())
      return port;
  }
  fail(ErrorKind::Environment, "QEMU does not forward a port to the guest's SSH server");
}

void Qmp::wait_migrated(const std::string& direction, milliseconds timeout) {
  const Deadline deadline(timeout);
  for (;;) {
    const json state = execute("query-migrate");
    const std::string status = state.value("status", "");
    if (status == "completed") return;
    if (status == "failed" || status == "cancelled")
      fail(ErrorKind::Evidence, "QEMU could not {} the saved state: {}", direction,
           state.value("error-desc", status));
    if (deadline.passed())
      fail(ErrorKind::Evidence, "QEMU did not {} the saved state within {} s", direction,
           timeout.count() / 1000);
    interruptible_sleep(milliseconds(5));
  }
}

}  // namespace skillaudit
