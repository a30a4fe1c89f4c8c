#include "harness/witness/prepare.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/random.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "harness/witness/files.h"
#include "harness/witness/io.h"
#include "harness/witness/tables.h"
#include "harness/witness/user_files.h"

namespace witness {
namespace {

/// The fields of the order, each ended by NUL, in the order in which the host writes them.
struct Order {
  double boot = 0;  ///< the host's time when this guest's count of seconds since its boot was zero
  std::string seed, user, hostname, machine_id, host_private, host_public, client_public, probe;
  std::string proxy_address;
  std::uint16_t proxy_port = 0;
};

Order parse_order(const std::string& head) {
  const auto fields = split(head, '\0');
  if (fields.size() != 11) throw Failure{"the order is malformed"};
  Order order;
  order.boot = std::strtod(std::string(fields[0]).c_str(), nullptr);
  std::size_t next = 1;
  for (std::string* field :
       {&order.seed, &order.user, &order.hostname, &order.machine_id, &order.host_private,
        &order.host_public, &order.client_public, &order.probe, &order.proxy_address})
    *field = fields[next++];
  order.proxy_port = static_cast<std::uint16_t>(number(fields[10]));
  return order;
}

void replace(const std::string& path, std::string_view content, mode_t mode,
             const Account* owner = nullptr) {
  const std::string fresh = path + ".new";
  ::unlink(fresh.c_str());
  create(fresh, content, mode);
  if (owner != nullptr && ::chown(fresh.c_str(), owner->uid, owner->gid) != 0) fail_on(path);
  if (::rename(fresh.c_str(), path.c_str()) != 0) fail_on(path);
}

void set_clock(double boot) {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  const double time =
      boot + static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
  timespec then{};
  then.tv_sec = static_cast<time_t>(time);
  then.tv_nsec = static_cast<long>((time - static_cast<double>(then.tv_sec)) * 1e9);
  if (::clock_settime(CLOCK_REALTIME, &then) != 0) fail_on("setting the clock");
}

/// RNDADDENTROPY credits the bytes and RNDRESEEDCRNG makes the generator use them now (random(4));
/// writing alone would be mixed in at the kernel's leisure, and two clones would draw the same
/// numbers until then.
void seed_random(const std::string& hex) {
  struct {  // rand_pool_info, with room for the bytes
    int entropy_count = 64 * 8;
    int size = 64;
    std::array<unsigned char, 64> bytes{};
  } pool;
  if (hex.size() != pool.bytes.size() * 2) throw Failure{"the random seed is malformed"};
  for (std::size_t i = 0; i < pool.bytes.size(); ++i)
    pool.bytes[i] = static_cast<unsigned char>(number(std::string_view(hex).substr(i * 2, 2), 16));
  const Fd random(::open("/dev/random", O_WRONLY | O_CLOEXEC));
  if (!random || ::ioctl(random.get(), RNDADDENTROPY, &pool) != 0 ||
      ::ioctl(random.get(), RNDRESEEDCRNG) != 0)
    fail_on("seeding the random numbers");
}

void identify(const Order& order) {
  replace("/etc/machine-id", order.machine_id + "\n", 0444);
  replace("/etc/hostname", order.hostname + "\n", 0644);
  std::string hosts;
  const std::string old = must_read("/etc/hosts", 1U << 20);
  for (const std::string_view line : split(old, '\n'))
    if (!line.starts_with("127.0.1.1")) hosts.append(line).append("\n");
  replace("/etc/hosts", hosts + "127.0.1.1 " + order.hostname + "\n", 0644);
  if (::sethostname(order.hostname.data(), order.hostname.size()) != 0) fail_on("the hostname");
  replace("/etc/ssh/ssh_host_ed25519_key", order.host_private, 0600);
  replace("/etc/ssh/ssh_host_ed25519_key.pub", order.host_public + "\n", 0644);
}

/// One request through the proxy; the first line of what comes back. The proxy starts beside us.
std::string ask_proxy(const Order& order) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(order.proxy_port);
  ::inet_pton(AF_INET, order.proxy_address.c_str(), &address.sin_addr);
  const std::string request = "GET http://" + order.probe + "/ HTTP/1.1\r\nHost: " + order.probe +
                              "\r\nConnection: close\r\n\r\n";
  std::string answer;
  for (int attempt = 0; attempt < 600 && !answer.starts_with("HTTP/"); ++attempt) {
    if (attempt > 0) ::usleep(50'000);
    answer.clear();
    const Fd proxy(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const timeval patience{5, 0};
    ::setsockopt(proxy.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(proxy.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (::connect(proxy.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::send(proxy.get(), request.data(), request.size(), MSG_NOSIGNAL) !=
            static_cast<ssize_t>(request.size()))
      continue;
    std::array<char, 4096> piece{};
    while (answer.find('\n') == std::string::npos && answer.size() < piece.size()) {
      const ssize_t got = ::recv(proxy.get(), piece.data(), piece.size(), 0);
      if (got <= 0) break;
      answer.append(piece.data(), static_cast<std::size_t>(got));
    }
  }
  return answer.substr(0, answer.find('\n'));
}

Account account_of(const std::string& name) {
  for (Account& account : accounts())
    if (account.name == name) return std::move(account);
  throw Failure{"there is no user " + name};
}

}  // namespace

void prepare(Channel& channel, std::size_t head_size, std::size_t files_size) {
  const Order order = parse_order(channel.read(head_size));
  const Account user = account_of(order.user);
  set_clock(order.boot);
  seed_random(order.seed);
  replace(user.home + "/.ssh/authorized_keys", order.client_public + "\n", 0600, &user);
  channel.write("seeded\n");
  std::string files, config, answer;
  try {
    identify(order);
    const std::string entries = channel.read(files_size);
    files = unpack_user_files(user, entries);
    config = config_table();
    answer = ask_proxy(order);
  } catch (const Failure& failed) {
    Stream stream(channel);
    stream.failure("files", failed.message);
    stream.end();
    return;
  }
  Stream stream(channel);
  stream.table("files", files);
  stream.table("config", config);
  stream.table("probe", answer);
  stream.end();
}

void reload_sshd() {
  const auto pid = static_cast<pid_t>(number(must_read("/run/sshd.pid", 64)));
  if (pid > 1) ::kill(pid, SIGHUP);
}

void restart() {
  ::sync();
  // "u": every file system is mounted read-only, whoever writes to it (sysrq.rst of the kernel).
  const Fd trigger(::open("/proc/sysrq-trigger", O_WRONLY | O_CLOEXEC));
  if (trigger && ::write(trigger.get(), "u", 1) == 1) ::usleep(500'000);
  ::reboot(RB_AUTOBOOT);
}

}  // namespace witness
