#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace witness {

/// The guest's files as the kernel shows them: system calls alone, no program of the guest's and no
/// library of its. What cannot be done throws Failure, which becomes the message of a table.

struct Failure {
  std::string message;
};
/// Failure "PATH: No such file or directory", of errno.
[[noreturn]] void fail_on(std::string_view path);

/// A descriptor, closed when it goes.
class Fd {
 public:
  explicit Fd(int fd = -1) : fd_(fd) {}
  ~Fd();
  Fd(Fd&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  Fd& operator=(Fd&&) = delete;
  [[nodiscard]] int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_;
};

/// At most `limit` bytes of a regular file; none when there is no such file, or it is another kind:
/// a device or a pipe is never opened, reading one can block or act.
[[nodiscard]] std::optional<std::string> read_file(const std::string& path, std::size_t limit);
/// The same of whatever is there, for /proc.
[[nodiscard]] std::optional<std::string> read_any(const std::string& path, std::size_t limit);
/// As read_any(); what cannot be read throws.
[[nodiscard]] std::string must_read(const std::string& path, std::size_t limit);

/// Sorted; empty for what is no folder.
[[nodiscard]] std::vector<std::string> names_in(const std::string& folder);
[[nodiscard]] std::optional<struct stat> look_at(const std::string& path);  ///< lstat
[[nodiscard]] bool is_folder(const std::string& path);                      ///< links followed
[[nodiscard]] std::optional<std::string> link_target(const std::string& path);

/// Where the kernel tells of processes: "/proc/REST". After enter_own_proc() the rest alone, below
/// the working directory, which is then a proc file system that was mounted nowhere: nothing can be
/// mounted over what it shows. A kernel before 5.2 has no such thing, and "/proc" stays.
[[nodiscard]] std::string in_proc(std::string_view rest);
void enter_own_proc();

void write_all(int fd, std::string_view bytes);

[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char at);
[[nodiscard]] std::vector<std::string_view> words(std::string_view text);
[[nodiscard]] bool is_number(std::string_view text);
/// 0 for what is none.
[[nodiscard]] std::uint64_t number(std::string_view text, int base = 10);

/// An account of /etc/passwd. The name service is not asked: it would load the guest's libraries.
struct Account {
  std::string name;
  uid_t uid = 0;
  gid_t gid = 0;
  std::string home;
};
[[nodiscard]] std::vector<Account> accounts();
/// Those that have a folder of their own. More than a thousand is a Failure.
[[nodiscard]] std::vector<Account> homes();

/// A name NUL, the length NUL, the bytes: how tables hold what may have any byte.
void put_blob(std::string& out, std::string_view name, std::string_view bytes);
void put_field(std::string& out, std::string_view bytes);

}  // namespace witness
