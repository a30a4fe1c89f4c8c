#include "harness/witness/steps.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <map>
#include <set>

#include "harness/witness/io.h"

namespace witness {
namespace {

constexpr std::size_t kMostText = 1U << 16;
constexpr int kPatienceMs = 3000;
constexpr std::size_t kMostAnswer = 1U << 18;

struct Stat {
  int parent = 0;
  int group = 0;
  int login = 0;  ///< getsid(2)
  std::uint64_t ticks = 0;
};

std::optional<Stat> stat_of(const std::string& pid) {
  const auto text = read_any(in_proc(pid + "/stat"), kMostText);
  if (!text) return std::nullopt;
  const std::size_t end = text->rfind(')');
  if (end == std::string::npos) return std::nullopt;
  const auto fields = words(std::string_view(*text).substr(end + 1));  // from the third on
  if (fields.size() < 15) return std::nullopt;
  Stat stat{static_cast<int>(number(fields[1])), static_cast<int>(number(fields[2])),
            static_cast<int>(number(fields[3]))};
  for (int i = 11; i < 15; ++i) stat.ticks += number(fields[static_cast<std::size_t>(i)]);
  return stat;
}

using Processes = std::map<int, Stat>;

Processes all_processes() {
  Processes all;
  for (const std::string& name : names_in(in_proc(".")))
    if (is_number(name))
      if (const auto stat = stat_of(name)) all.emplace(static_cast<int>(number(name)), *stat);
  return all;
}

Processes of_step(const Processes& all, int session) {
  Processes step;
  for (const auto& [pid, stat] : all) {
    // A chain of parents is no longer than the list.
    int above = stat.parent;
    for (std::size_t i = 0; above > 1 && above != session && i < all.size(); ++i) {
      const auto next = all.find(above);
      above = next == all.end() ? 0 : next->second.parent;
    }
    if (above == session && session > 1) step.emplace(pid, stat);
  }
  return step;
}

/// "rchar: N\nwchar: N\n…" of /proc/PID/io.
std::uint64_t bytes_of(const std::string& pid) {
  const auto text = read_any(in_proc(pid + "/io"), kMostText);
  if (!text) return 0;
  std::uint64_t sum = 0;
  for (const std::string_view line : split(*text, '\n'))
    if (line.starts_with("rchar: ") || line.starts_with("wchar: ")) sum += number(line.substr(7));
  return sum;
}

std::uint64_t network_bytes() {
  const auto text = read_any(in_proc("net/dev"), kMostText);
  std::uint64_t sum = 0;
  if (!text) return sum;
  for (const std::string_view line : split(*text, '\n')) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const auto fields = words(line.substr(colon + 1));
    if (fields.size() > 8) sum += number(fields[0]) + number(fields[8]);
  }
  return sum;
}

/// Milliseconds that the process asked to sleep; -1 where it does something else. The kernel says
/// in which system call it is, and its memory has the time.
std::int64_t sleep_of(const std::string& pid) {
  const auto text = read_any(in_proc(pid + "/syscall"), 512);
  if (!text) return -1;
  const auto fields = words(*text);
  if (fields.size() < 5) return -1;
  const auto argument = [&](std::size_t i) {
    const std::string_view word = fields[1 + i];
    return word.starts_with("0x") ? number(word.substr(2), 16) : 0;
  };
  const std::uint64_t call = number(fields[0]);
  std::uint64_t address = 0;
  bool is_absolute = false;
  clockid_t clock = CLOCK_MONOTONIC;
#ifdef SYS_nanosleep
  if (call == SYS_nanosleep) address = argument(0);
#endif
  if (call == SYS_clock_nanosleep) {
    clock = static_cast<clockid_t>(argument(0));
    is_absolute = (argument(1) & TIMER_ABSTIME) != 0;
    address = argument(2);
  }
  if (address == 0 || !is_number(fields[0])) return -1;
  const Fd memory(::open(in_proc(pid + "/mem").c_str(), O_RDONLY | O_CLOEXEC));
  timespec asked{};
  if (!memory || ::pread(memory.get(), &asked, sizeof asked, static_cast<off_t>(address)) !=
                     static_cast<ssize_t>(sizeof asked))
    return -1;
  timespec now{};
  if (is_absolute && ::clock_gettime(clock, &now) != 0) return -1;
  constexpr std::int64_t kLongest = 1'000'000'000;  // seconds
  const std::int64_t seconds = asked.tv_sec - now.tv_sec;
  if (asked.tv_sec < 0 || seconds < 0) return -1;
  return std::min(seconds, kLongest) * 1000 + (asked.tv_nsec - now.tv_nsec) / 1'000'000;
}

/// By inode of their sockets: the ports of TCP on which somebody listens.
std::map<std::string, std::uint16_t> listeners() {
  std::map<std::string, std::uint16_t> found;
  for (const char* table : {"net/tcp", "net/tcp6"}) {
    const auto text = read_any(in_proc(table), 1U << 22);
    if (!text) continue;
    for (const std::string_view line : split(*text, '\n')) {
      const auto fields = words(line);
      if (fields.size() < 10 || fields[3] != "0A") continue;
      const std::size_t colon = fields[1].rfind(':');
      if (colon == std::string_view::npos) continue;
      found.emplace(fields[9], static_cast<std::uint16_t>(number(fields[1].substr(colon + 1), 16)));
    }
  }
  return found;
}

void add_ports(const std::string& pid, const std::map<std::string, std::uint16_t>& known,
               std::set<std::uint16_t>& ports) {
  const std::string folder = in_proc(pid + "/fd");
  for (const std::string& fd : names_in(folder)) {
    const std::string target = link_target(folder + "/" + fd).value_or("");
    if (!target.starts_with("socket:[")) continue;
    const auto found = known.find(target.substr(8, target.size() - 9));
    if (found != known.end()) ports.insert(found->second);
  }
}

Fd connected(std::uint16_t port) {
  sockaddr_in four{};
  four.sin_family = AF_INET;
  four.sin_port = htons(port);
  four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&four), sizeof four) == 0)
    return socket;
  sockaddr_in6 six{};
  six.sin6_family = AF_INET6;
  six.sin6_port = htons(port);
  six.sin6_addr = IN6ADDR_LOOPBACK_INIT;
  Fd other(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::connect(other.get(), reinterpret_cast<const sockaddr*>(&six), sizeof six) == 0)
    return other;
  return Fd();
}

}  // namespace

std::string watch_step(int session) {
  const Processes step = of_step(all_processes(), session);
  const auto known = listeners();
  std::uint64_t ticks = 0;
  std::uint64_t bytes = 0;
  std::int64_t sleep = -1;
  std::set<std::uint16_t> ports;
  for (const auto& [pid, stat] : step) {
    const std::string name = std::to_string(pid);
    ticks += stat.ticks;
    bytes += bytes_of(name);
    sleep = std::max(sleep, sleep_of(name));
    if (!known.empty()) add_ports(name, known, ports);
  }
  const int newest = step.empty() ? 0 : step.rbegin()->first;
  std::string line = "watched " + std::to_string(step.size()) + " " + std::to_string(newest) + " " +
                     std::to_string(ticks) + " " + std::to_string(bytes) + " " +
                     std::to_string(network_bytes()) + " " + std::to_string(sleep);
  for (const std::uint16_t port : ports) line += " " + std::to_string(port);
  return line + "\n";
}

std::string signal_step(int session, int number) {
  const Processes all = all_processes();
  const Processes step = of_step(all, session);
  std::set<int> logins, groups;
  for (const auto& [pid, stat] : step)
    if (stat.parent == session) {
      logins.insert(stat.login);
      groups.insert(stat.group);
    }
  const auto own = all.find(session);
  if (own != all.end()) {
    logins.erase(own->second.login);
    groups.erase(own->second.group);
  }
  int sent = 0;
  if (number != SIGKILL)
    for (const int group : groups)
      if (group > 1 && ::kill(-group, number) == 0) ++sent;
  if (number == SIGKILL)
    for (const auto& [pid, stat] : all)
      if ((step.contains(pid) || logins.contains(stat.login)) && ::kill(pid, number) == 0) ++sent;
  return "signalled " + std::to_string(sent) + "\n";
}

std::string ask_port(std::uint16_t port, std::string_view request) {
  const Fd socket = connected(port);
  if (!socket) return "asked 0\n";
  const timeval patience{kPatienceMs / 1000, 0};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  while (!request.empty()) {
    const ssize_t sent = ::send(socket.get(), request.data(), request.size(), MSG_NOSIGNAL);
    if (sent <= 0) return "asked 0\n";
    request.remove_prefix(static_cast<std::size_t>(sent));
  }
  std::string answer;
  timespec began{};
  ::clock_gettime(CLOCK_MONOTONIC, &began);
  for (;;) {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    const auto gone = (now.tv_sec - began.tv_sec) * 1000 + (now.tv_nsec - began.tv_nsec) / 1000000;
    pollfd ready{socket.get(), POLLIN, 0};
    if (gone >= kPatienceMs || answer.size() > kMostAnswer) break;
    const int polled = ::poll(&ready, 1, kPatienceMs - static_cast<int>(gone));
    if (polled < 0 && errno == EINTR) continue;
    if (polled <= 0) break;
    std::array<char, 1U << 14> piece;  // NOLINT: written by recv() before it is read
    const ssize_t got = ::recv(socket.get(), piece.data(), piece.size(), 0);
    if (got <= 0) break;
    answer.append(piece.data(), static_cast<std::size_t>(got));
  }
  const auto fields = words(std::string_view(answer).substr(0, answer.find('\r')));
  const bool is_http = fields.size() > 1 && fields[0].starts_with("HTTP/") &&
                       fields[1].size() == 3 && is_number(fields[1]);
  return "asked " + (is_http ? std::string(fields[1]) : "0") + "\n";
}

}  // namespace witness
