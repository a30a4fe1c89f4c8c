#include "harness/witness/io.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace witness {

void fail_on(std::string_view path) {
  throw Failure{std::string(path) + ": " + std::strerror(errno)};
}

Fd::~Fd() {
  if (fd_ >= 0) ::close(fd_);
}

std::optional<std::string> read_any(const std::string& path, std::size_t limit) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!fd) return std::nullopt;
  std::string content;
  constexpr std::size_t kPiece = 1U << 14;
  while (content.size() < limit) {
    const std::size_t had = content.size();
    content.resize(had + std::min(kPiece, limit - had));
    const ssize_t got = ::read(fd.get(), content.data() + had, content.size() - had);
    content.resize(had + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) break;
  }
  return content;
}

std::optional<std::string> read_file(const std::string& path, std::size_t limit) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  return read_any(path, limit);
}

std::string must_read(const std::string& path, std::size_t limit) {
  auto content = read_any(path, limit);
  if (!content) fail_on(path);
  return *std::move(content);
}

std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  DIR* open = ::opendir(folder.c_str());
  if (open == nullptr) return names;
  while (const dirent* entry = ::readdir(open)) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  ::closedir(open);
  std::sort(names.begin(), names.end());
  return names;
}

std::optional<struct stat> look_at(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return std::nullopt;
  return status;
}

bool is_folder(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

std::optional<std::string> link_target(const std::string& path) {
  std::array<char, 4096> target{};
  const ssize_t size = ::readlink(path.c_str(), target.data(), target.size());
  if (size < 0) return std::nullopt;
  return std::string(target.data(), static_cast<std::size_t>(size));
}

namespace {
bool own_proc = false;
}  // namespace

std::string in_proc(std::string_view rest) {
  return own_proc ? std::string(rest) : "/proc/" + std::string(rest);
}

void enter_own_proc() {
  // fsopen(2), fsconfig(2) and fsmount(2), for which the C library has no functions yet.
  constexpr long kFsopen = 430, kFsconfig = 431, kFsmount = 432;
  constexpr int kCreate = 6;  // FSCONFIG_CMD_CREATE
  const Fd context(static_cast<int>(::syscall(kFsopen, "proc", 0)));
  if (!context || ::syscall(kFsconfig, context.get(), kCreate, nullptr, nullptr, 0) != 0) return;
  const Fd mount(static_cast<int>(::syscall(kFsmount, context.get(), 0, 0)));
  if (mount && ::fchdir(mount.get()) == 0) own_proc = true;
}

void write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t wrote = ::write(fd, bytes.data(), bytes.size());
    if (wrote < 0 && errno != EINTR) fail_on("writing");
    if (wrote > 0) bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
}

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = text.find(at);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return parts;
}

std::vector<std::string_view> words(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  std::vector<std::string_view> found;
  for (;;) {
    const std::size_t begin = text.find_first_not_of(kBlank);
    if (begin == std::string_view::npos) return found;
    text.remove_prefix(begin);
    const std::size_t end = std::min(text.find_first_of(kBlank), text.size());
    found.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::uint64_t number(std::string_view text, int base) {
  return std::strtoull(std::string(text).c_str(), nullptr, base);
}

std::vector<Account> accounts() {
  std::vector<Account> found;
  const std::string text = must_read("/etc/passwd", 1U << 22);
  for (const std::string_view line : split(text, '\n')) {
    std::vector<std::string_view> fields = split(line, ':');
    if (fields.size() < 6) continue;
    found.push_back({std::string(fields[0]), static_cast<uid_t>(number(fields[2])),
                     static_cast<gid_t>(number(fields[3])), std::string(fields[5])});
  }
  return found;
}

std::vector<Account> homes() {
  std::vector<Account> found;
  for (Account& account : accounts()) {
    std::string_view home = account.home;
    if (!home.starts_with('/')) continue;
    while (home.ends_with('/')) home.remove_suffix(1);
    while (home.starts_with('/')) home.remove_prefix(1);
    if (home.empty()) continue;
    const std::string_view top = home.substr(0, home.find('/'));
    constexpr std::array<std::string_view, 6> kNoHomes = {"proc", "sys", "dev",
                                                          "run",  "bin", "sbin"};
    if (std::find(kNoHomes.begin(), kNoHomes.end(), top) != kNoHomes.end()) continue;
    account.home = "/" + std::string(home);
    if (is_folder(account.home)) found.push_back(std::move(account));
    if (found.size() > 1000) throw Failure{"more than 1000 users have a home"};
  }
  return found;
}

void put_field(std::string& out, std::string_view bytes) {
  out += bytes;
  out += '\0';
}

void put_blob(std::string& out, std::string_view name, std::string_view bytes) {
  put_field(out, name);
  put_field(out, std::to_string(bytes.size()));
  out += bytes;
}

}  // namespace witness
