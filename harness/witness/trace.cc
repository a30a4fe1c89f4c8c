#include "harness/witness/trace.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>

#include "harness/witness/io.h"

namespace witness {
namespace {

/// What the kernel keeps for a reader that is behind: whoever makes more waits for it.
constexpr std::uint32_t kBacklog = 16384;
/// A port takes no more in one piece (drivers/char/virtio_console.c).
constexpr std::size_t kPiece = 32U << 10;
constexpr std::size_t kLongestRecord = 16U << 10;

/// The kernel's audit system (netlink(7), NETLINK_AUDIT).
class AuditSocket {
 public:
  AuditSocket() : fd_(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT)) {
    if (!fd_) fail_on("the kernel's audit system");
  }

  /// Sends a request and waits for what the kernel says of it. `reply` gets the payload of an
  /// answer of the same type.
  void request(std::uint16_t type, std::string_view payload, std::string* reply = nullptr) {
    const int error = attempt(type, payload, reply);
    if (error != 0) {
      errno = error;
      fail_on("the kernel's audit system");
    }
  }

  /// The same; returns the error number.
  int attempt(std::uint16_t type, std::string_view payload, std::string* reply = nullptr) {
    const std::uint32_t sequence = ++sequence_;
    std::string message(NLMSG_SPACE(payload.size()), '\0');
    nlmsghdr head{};
    head.nlmsg_len = static_cast<std::uint32_t>(NLMSG_LENGTH(payload.size()));
    head.nlmsg_type = type;
    head.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
    head.nlmsg_seq = sequence;
    std::memcpy(message.data(), &head, sizeof head);
    std::memcpy(message.data() + NLMSG_HDRLEN, payload.data(), payload.size());
    sockaddr_nl kernel{};
    kernel.nl_family = AF_NETLINK;
    if (::sendto(fd_.get(), message.data(), message.size(), 0,
                 reinterpret_cast<const sockaddr*>(&kernel), sizeof kernel) < 0)
      return errno;
    std::array<char, kLongestRecord> answer{};
    bool acknowledged = false;  // an answer comes from a thread of the kernel's, before or after
    for (;;) {
      const ssize_t got = ::recv(fd_.get(), answer.data(), answer.size(), 0);
      if (got < 0 && errno == EINTR) continue;
      if (got < static_cast<ssize_t>(sizeof head)) return got < 0 ? errno : EPROTO;
      std::memcpy(&head, answer.data(), sizeof head);
      if (head.nlmsg_seq != sequence) continue;
      const std::string_view body(answer.data() + NLMSG_HDRLEN,
                                  static_cast<std::size_t>(got) - NLMSG_HDRLEN);
      if (head.nlmsg_type == NLMSG_ERROR && body.size() >= sizeof(int)) {
        int error = 0;
        std::memcpy(&error, body.data(), sizeof error);
        if (error != 0 || reply == nullptr || !reply->empty()) return -error;
        acknowledged = true;
        continue;
      }
      if (reply != nullptr) *reply = body;
      if (acknowledged) return 0;
    }
  }

  [[nodiscard]] int get() const { return fd_.get(); }

 private:
  Fd fd_;
  std::uint32_t sequence_ = 0;
};

std::string_view bytes_of(const audit_status& status) {
  return {reinterpret_cast<const char*>(&status), sizeof status};
}

audit_status status_of(AuditSocket& socket) {
  std::string reply;
  socket.request(AUDIT_GET, {}, &reply);
  audit_status status{};  // older kernels say less
  std::memcpy(&status, reply.data(), std::min(reply.size(), sizeof status));
  return status;
}

/// Another daemon holds the place until it ends. Recording begins when the rules are locked, or
/// each of them would be recorded.
void become_daemon(AuditSocket& socket) {
  audit_status wanted{};
  wanted.mask =
      AUDIT_STATUS_ENABLED | AUDIT_STATUS_PID | AUDIT_STATUS_FAILURE | AUDIT_STATUS_BACKLOG_LIMIT;
  wanted.enabled = 1;
  wanted.failure = 1;  // said on the console
  wanted.pid = static_cast<std::uint32_t>(::getpid());
  wanted.backlog_limit = kBacklog;
  for (int attempt = 0;; ++attempt) {
    const int error = socket.attempt(AUDIT_SET, bytes_of(wanted));
    if (error == 0) return;
    if (error == EPERM && wanted.mask != AUDIT_STATUS_PID) {
      wanted.mask = AUDIT_STATUS_PID;  // the rest is locked already
      continue;
    }
    if (error != EEXIST || attempt == 50) {
      errno = error;
      fail_on("the kernel's audit system");
    }
    const auto other = static_cast<pid_t>(status_of(socket).pid);
    if (other > 1) ::kill(other, attempt < 25 ? SIGTERM : SIGKILL);
    ::usleep(100'000);
  }
}

/// "TYPE MICROSECONDS TEXT", a line a record. The time is that since the boot, which nobody can
/// set.
class Pump {
 public:
  Pump(int audit, int port) : audit_(audit), port_(port) {}

  [[noreturn]] void run() {
    for (;;) {
      take(0);
      stamp();
      while (out_.size() + kLongestRecord < kPiece && take(MSG_DONTWAIT)) put();
      write_all(port_, out_);
      out_.clear();
    }
  }

 private:
  bool take(int flags) {
    for (;;) {
      const ssize_t got = ::recv(audit_, record_.data(), record_.size(), flags);
      if (got < 0 && errno == EAGAIN) return false;
      if (got < static_cast<ssize_t>(NLMSG_HDRLEN)) continue;  // said as a gap in the numbers
      size_ = static_cast<std::size_t>(got);
      return true;
    }
  }

  void stamp() {
    timespec now{};
    ::clock_gettime(CLOCK_BOOTTIME, &now);
    time_ = std::to_string(static_cast<long long>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1000);
    put();
  }

  /// The kernel's own length counts the payload in some messages and the header too in others.
  void put() {
    nlmsghdr head{};
    std::memcpy(&head, record_.data(), sizeof head);
    if (head.nlmsg_type < AUDIT_GET) return;  // an answer
    std::string_view text(record_.data() + NLMSG_HDRLEN, size_ - NLMSG_HDRLEN);
    while (!text.empty() && (text.back() == '\0' || text.back() == '\n')) text.remove_suffix(1);
    out_.append(std::to_string(head.nlmsg_type)).append(" ").append(time_).append(" ");
    for (const char c : text) out_.push_back(c == '\n' || c == '\0' ? ' ' : c);
    out_.push_back('\n');
  }

  int audit_, port_;
  std::array<char, kLongestRecord> record_{};
  std::size_t size_ = 0;
  std::string time_, out_;
};

[[noreturn]] void read_for_ever(const std::string& path, int told) {
  char byte = 0;
  if (::read(told, &byte, 1) != 1) ::_exit(0);
  std::string problem = "ok";
  try {
    const Fd port(::open(path.c_str(), O_RDWR | O_CLOEXEC));
    if (!port) fail_on(path);
    AuditSocket audit;
    constexpr int kBuffer = 8 << 20;
    ::setsockopt(audit.get(), SOL_SOCKET, SO_RCVBUFFORCE, &kBuffer, sizeof kBuffer);
    become_daemon(audit);
    write_all(told, problem);
    Pump(audit.get(), port.get()).run();
  } catch (const Failure& failed) {
    problem = failed.message;
  }
  write_all(told, problem);
  ::_exit(1);
}

}  // namespace

TraceReader::TraceReader(std::string path, std::function<void()> dress)
    : path_(std::move(path)), dress_(std::move(dress)) {
  start();
}

void TraceReader::start() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    fail_on("a socket pair");
  pid_ = ::fork();
  if (pid_ < 0) fail_on("a process");
  if (pid_ == 0) {
    // The other port is not this process's to hold open.
    for (int fd = 3; fd < 64; ++fd)
      if (fd != ends[1]) ::close(fd);
    dress_();
    read_for_ever(path_, ends[1]);
  }
  ::close(ends[1]);
  tell_ = ends[0];
}

void TraceReader::begin() {
  std::array<char, 512> said{};
  ssize_t size = -1;
  if (::send(tell_, "1", 1, MSG_NOSIGNAL) == 1) size = ::read(tell_, said.data(), said.size());
  const std::string_view answer(said.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  if (answer != "ok") throw Failure{"the reader of the trace: " + std::string(answer)};
  begun_ = true;
}

void TraceReader::revive() {
  int status = 0;
  if (!begun_ || ::waitpid(pid_, &status, WNOHANG) != pid_) return;
  begun_ = false;
  ::close(tell_);
  try {
    start();
    begin();
  } catch (const Failure&) {
    // The end of the trace tells that nobody reads it.
  }
}

TraceStatus trace_status() {
  AuditSocket socket;
  const audit_status status = status_of(socket);
  return {status.enabled, status.lost, static_cast<pid_t>(status.pid)};
}

RulesAdded lock_rules(std::string_view rules) {
  AuditSocket socket;
  // While the kernel records, it records each rule that is added: some five lines of trace, which
  // cost more time than the rule. Where the rules are locked already, it refuses this and them.
  audit_status state{};
  state.mask = AUDIT_STATUS_ENABLED;
  (void)socket.attempt(AUDIT_SET, bytes_of(state));
  RulesAdded count;
  while (rules.size() >= 4) {
    std::size_t size = 0;
    for (int i = 3; i >= 0; --i)
      size = size << 8 | static_cast<unsigned char>(rules[static_cast<std::size_t>(i)]);
    rules.remove_prefix(4);
    if (size > rules.size()) throw Failure{"the rules are malformed"};
    const int error = socket.attempt(AUDIT_ADD_RULE, rules.substr(0, size));
    if (error == 0 || error == EEXIST) {
      ++count.added;
    } else {
      ++count.refused;
    }
    rules.remove_prefix(size);
  }
  state.enabled = 2;
  socket.request(AUDIT_SET, bytes_of(state));
  return count;
}

void mark_trace(std::string_view text) {
  AuditSocket socket;
  socket.request(AUDIT_USER, std::string(text) + '\0');
}

}  // namespace witness
