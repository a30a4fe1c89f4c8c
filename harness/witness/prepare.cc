#include "harness/witness/prepare.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/random.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
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

void create(const std::string& path, std::string_view content, mode_t mode) {
  const Fd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd) fail_on(path);
  write_all(fd.get(), content);
  if (::fchmod(fd.get(), mode) != 0) fail_on(path);
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

/// One of the user's files: "d MODE" NUL path NUL, "l MODE" NUL path NUL target NUL, or "f MODE
/// SIZE" NUL path NUL and SIZE bytes.
struct Entry {
  char type = 'f';
  mode_t mode = 0;
  std::string path;
  std::string_view content;  ///< or a link's target
};

/// Takes the first entry off.
Entry next_entry(std::string_view& entries) {
  const auto field = [&] {
    const std::size_t end = entries.find('\0');
    if (end == std::string_view::npos) throw Failure{"the user's files are malformed"};
    const std::string_view text = entries.substr(0, end);
    entries.remove_prefix(end + 1);
    return text;
  };
  const std::string head(field());
  const auto parts = words(head);
  Entry entry;
  entry.path = field();
  if (parts.size() < 2) throw Failure{"the user's files are malformed"};
  entry.type = parts[0][0];
  entry.mode = static_cast<mode_t>(number(parts[1], 8));
  if (entry.type == 'l') entry.content = field();
  if (entry.type == 'd' || entry.type == 'l') return entry;
  const std::size_t size = parts.size() == 3 ? number(parts[2]) : 0;
  if (entries.size() < size) throw Failure{"the user's files are malformed"};
  entry.content = entries.substr(0, size);
  entries.remove_prefix(size);
  return entry;
}

/// The folders with an absolute path among the entries (unpack()) that were not there. They are
/// made for the user, and so are those above them in the home.
std::vector<std::string> make_projects(const Account& user, std::string_view entries) {
  std::vector<std::string> made;
  const auto make = [&](const std::string& path, bool is_users) {
    if (::mkdir(path.c_str(), 0755) != 0) return errno == EEXIST ? false : (fail_on(path), false);
    if (is_users && ::chown(path.c_str(), user.uid, user.gid) != 0) fail_on(path);
    return true;
  };
  while (!entries.empty()) {
    const Entry entry = next_entry(entries);
    if (entry.type != 'd' || !entry.path.starts_with('/')) continue;
    struct stat status {};
    if (::lstat(entry.path.c_str(), &status) == 0) continue;
    const bool in_home = entry.path.starts_with(user.home + "/");
    for (std::size_t at = entry.path.find('/', 1); at != std::string::npos;
         at = entry.path.find('/', at + 1))
      make(entry.path.substr(0, at), in_home);
    if (make(entry.path, true)) made.push_back(entry.path);
  }
  return made;
}

bool is_in(const std::string& path, const std::vector<std::string>& folders) {
  return std::any_of(folders.begin(), folders.end(), [&](const std::string& folder) {
    return path == folder || path.starts_with(folder + "/");
  });
}

/// Paths are below the working directory, folders before what is in them; or absolute, and left out
/// unless below one of `projects`.
void unpack(std::string_view entries, const std::vector<std::string>& projects) {
  const auto make_folder = [](const std::string& path, mode_t mode) {
    if (::mkdir(path.c_str(), mode) != 0 && errno != EEXIST) fail_on(path);
  };
  const auto make_parents = [&](const std::string& path) {
    for (std::size_t at = path.find('/', 1); at != std::string::npos; at = path.find('/', at + 1))
      make_folder(path.substr(0, at), 0755);
  };
  std::vector<std::pair<std::string, mode_t>> folders;
  while (!entries.empty()) {
    const Entry entry = next_entry(entries);
    const std::string& path = entry.path;
    if (path.starts_with('/') && !is_in(path, projects)) continue;
    make_parents(path);
    if (entry.type == 'd') {
      make_folder(path, 0700);
      folders.emplace_back(path, entry.mode);
      continue;
    }
    ::unlink(path.c_str());
    if (entry.type == 'l') {
      if (::symlink(std::string(entry.content).c_str(), path.c_str()) != 0) fail_on(path);
      continue;
    }
    create(path, entry.content, entry.mode);
  }
  // Last: a folder that its user may not write to gets its content first.
  for (auto folder = folders.rbegin(); folder != folders.rend(); ++folder)
    if (::chmod(folder->first.c_str(), folder->second) != 0) fail_on(folder->first);
}

std::vector<gid_t> groups_of(const Account& user) {
  std::vector<gid_t> groups = {user.gid};
  const std::string text = must_read("/etc/group", 1U << 22);
  for (const std::string_view line : split(text, '\n')) {
    const auto fields = split(line, ':');
    if (fields.size() < 4) continue;
    for (const std::string_view member : split(fields[3], ','))
      if (member == user.name) groups.push_back(static_cast<gid_t>(number(fields[2])));
  }
  return groups;
}

/// As the user: what is not the user's to write, the files of a skill cannot reach either.
void unpack_as(const Account& user, std::string_view entries,
               const std::vector<std::string>& projects) {
  const std::vector<gid_t> groups = groups_of(user);
  std::array<int, 2> said{};
  if (::pipe2(said.data(), O_CLOEXEC) != 0) fail_on("a pipe");
  const Fd read_end(said[0]);
  const pid_t child = ::fork();
  if (child < 0) fail_on("a process");
  if (child == 0) {
    std::string problem;
    try {
      ::umask(022);
      if (::setgroups(groups.size(), groups.data()) != 0 || ::setgid(user.gid) != 0 ||
          ::setuid(user.uid) != 0 || ::chdir(user.home.c_str()) != 0)
        fail_on(user.home);
      unpack(entries, projects);
    } catch (const Failure& failed) {
      problem = failed.message;
    }
    [[maybe_unused]] const ssize_t told = ::write(said[1], problem.data(), problem.size());
    ::_exit(problem.empty() ? 0 : 1);
  }
  ::close(said[1]);
  std::array<char, 512> problem{};
  const ssize_t size = ::read(read_end.get(), problem.data(), problem.size());
  int status = 0;
  ::waitpid(child, &status, 0);
  if (status != 0)
    throw Failure{
        "unpacking the user's files: " +
        std::string(problem.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)))};
}

/// Rows of all that was written, and of the folders above.
std::string written_rows(const std::string& home, const std::vector<std::string>& projects) {
  std::string rows;
  for (const char* path : {"/etc", "/etc/machine-id", "/etc/hostname", "/etc/hosts", "/etc/ssh",
                           "/etc/ssh/ssh_host_ed25519_key", "/etc/ssh/ssh_host_ed25519_key.pub"})
    put_row(rows, path);
  for (const std::string& project : projects) {
    if (project.starts_with(home + "/")) continue;
    for (std::size_t at = project.find('/', 1); at != std::string::npos;
         at = project.find('/', at + 1))
      put_row(rows, project.substr(0, at));
    put_row(rows, "/");
    rows += files_below(project).files;
  }
  return rows + files_below(home).files;
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
    const std::vector<std::string> projects = make_projects(user, entries);
    unpack_as(user, entries, projects);
    files = written_rows(user.home, projects);
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
