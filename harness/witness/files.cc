#include "harness/witness/files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <set>

#include "harness/witness/io.h"

namespace witness {
namespace {

constexpr int kDeepest = 4000;

char letter(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFREG:
      return 'f';
    case S_IFDIR:
      return 'd';
    case S_IFLNK:
      return 'l';
    case S_IFSOCK:
      return 's';
    case S_IFIFO:
      return 'p';
    case S_IFBLK:
      return 'b';
    case S_IFCHR:
      return 'c';
    default:
      return '?';
  }
}

void put_number(std::string& out, std::uint64_t value, int base = 10) {
  std::array<char, 24> digits{};
  std::size_t at = digits.size();
  do {
    digits[--at] = static_cast<char>('0' + value % static_cast<unsigned>(base));
    value /= static_cast<unsigned>(base);
  } while (value != 0);
  out.append(digits.data() + at, digits.size() - at);
}

/// Before 1970 the seconds are rounded towards zero, and the fraction stands as it is.
void put_time(std::string& out, const timespec& time) {
  std::int64_t seconds = time.tv_sec;
  std::int64_t part = time.tv_nsec;
  out += ' ';
  if (seconds < 0) {
    if (part != 0) {
      ++seconds;
      part = 1'000'000'000 - part;
    }
    out += '-';
    seconds = -seconds;
  }
  put_number(out, static_cast<std::uint64_t>(seconds));
  std::string fraction;
  put_number(fraction, static_cast<std::uint64_t>(part));
  out.append(".").append(9 - fraction.size(), '0').append(fraction).append("0");
}

void put_status(std::string& out, const struct stat& status, const std::string& path,
                std::string_view target) {
  out += letter(status.st_mode);
  out += ' ';
  put_number(out, status.st_mode & 07777U, 8);
  for (const std::uint64_t value : {std::uint64_t{status.st_uid}, std::uint64_t{status.st_gid},
                                    static_cast<std::uint64_t>(status.st_size)}) {
    out += ' ';
    put_number(out, value);
  }
  put_time(out, status.st_mtim);
  put_time(out, status.st_ctim);
  out += ' ';
  put_field(out, path);
  put_field(out, target);
}

struct MountPoint {
  std::string path;
  dev_t device = 0;
  std::string type;
};

/// proc(5): blanks, line feeds and backslashes stand as three octal digits.
std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size()) {
      out += static_cast<char>(number(text.substr(i + 1, 3), 8));
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::vector<MountPoint> mount_points() {
  std::vector<MountPoint> found;
  const std::string table = must_read(in_proc("self/mountinfo"), 1U << 24);
  for (const std::string_view line : split(table, '\n')) {
    const auto fields = words(line);
    const auto dash = std::find(fields.begin(), fields.end(), "-");
    if (fields.size() < 6 || fields.end() - dash < 2) continue;
    const std::size_t colon = fields[2].find(':');
    found.push_back({unescaped(fields[4]),
                     makedev(static_cast<unsigned>(number(fields[2].substr(0, colon))),
                             static_cast<unsigned>(number(fields[2].substr(colon + 1)))),
                     std::string(dash[1])});
  }
  return found;
}

bool is_left_out(std::string_view path) { return path == "/proc" || path == "/sys"; }

/// What a file has of extended attributes, of which most have none. A path that no system call
/// takes is left out.
void put_attributes(std::string& out, const std::string& path) {
  std::array<char, 1U << 12> names{};
  const ssize_t size = ::llistxattr(path.c_str(), names.data(), names.size());
  if (size <= 0) return;
  for (const std::string_view name : split({names.data(), static_cast<std::size_t>(size)}, '\0')) {
    std::string value(1U << 16, '\0');
    const ssize_t got =
        ::lgetxattr(path.c_str(), std::string(name).c_str(), value.data(), value.size());
    if (got < 0) continue;
    value.resize(static_cast<std::size_t>(got));
    put_field(out, path);
    put_blob(out, name, value);
  }
}

class Walk {
 public:
  explicit Walk(const std::vector<MountPoint>& mounts) {
    // A file system is known by its device; the root of one that is left out elsewhere (a share
    // mounted twice) is left out too.
    for (const MountPoint& mount : mounts)
      for (const std::string_view type :
           {"proc", "sysfs", "devpts", "mqueue", "binfmt_misc", "autofs", "cgroup2", "cgroup",
            "securityfs", "tracefs", "debugfs", "9p", "virtiofs", "nfs", "nfs4", "cifs"})
        if (mount.type == type) left_out_.insert(mount.device);
    const rlimit many{1U << 16, 1U << 16};
    ::setrlimit(RLIMIT_NOFILE, &many);
  }

  void below(const std::string& root) {
    path_ = root == "/" ? "" : root;
    struct stat status {};
    if (::lstat(root.c_str(), &status) != 0) return;
    visit(AT_FDCWD, root.c_str(), root, 0);
  }

  Listing out;

 private:
  /// Apart from visit(), whose frames there are as many of as folders are deep.
  [[gnu::noinline]] void put_leaf(int parent, const char* name, const struct stat& status,
                                  const std::string& shown) {
    std::array<char, 4096> target{};
    const ssize_t size =
        S_ISLNK(status.st_mode) ? ::readlinkat(parent, name, target.data(), target.size()) : 0;
    put_status(out.files, status, shown,
               {target.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))});
    put_attributes(out.attributes, shown);
  }

  /// Paths may be longer than a system call takes: each folder is opened from the one it is in.
  void visit(int parent, const char* name, const std::string& shown, int depth) {
    struct stat status {};
    if (::fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
      if (errno == ENOENT) return;  // gone meanwhile
      fail_on(shown);
    }
    if (!S_ISDIR(status.st_mode)) return put_leaf(parent, name, status, shown);
    if (is_left_out(shown) || left_out_.contains(status.st_dev)) return;
    put_status(out.files, status, shown, "");
    put_attributes(out.attributes, shown);
    if (depth > kDeepest) throw Failure{"folders more than 4000 deep"};
    const int fd = ::openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) return;
    DIR* folder = fd < 0 ? nullptr : ::fdopendir(fd);
    if (folder == nullptr) fail_on(shown);
    try {
      while (const dirent* entry = ::readdir(folder)) {
        const std::string_view inside = entry->d_name;
        if (inside == "." || inside == "..") continue;
        const std::size_t length = path_.size();
        path_.append("/").append(inside);
        visit(::dirfd(folder), entry->d_name, path_, depth + 1);
        path_.resize(length);
      }
    } catch (...) {
      ::closedir(folder);
      throw;
    }
    ::closedir(folder);
  }

  std::set<dev_t> left_out_;
  std::string path_;
};

}  // namespace

void put_row(std::string& out, const std::string& path) {
  if (const auto status = look_at(path))
    put_status(out, *status, path,
               S_ISLNK(status->st_mode) ? link_target(path).value_or("") : std::string());
}

Listing files_below(const std::string& root) {
  Walk walk(mount_points());
  walk.below(root);
  return std::move(walk.out);
}

Listing files_elsewhere() {
  std::vector<MountPoint> mounts = mount_points();
  Walk walk(mounts);
  // A walk goes into what is mounted below it.
  std::sort(mounts.begin(), mounts.end(),
            [](const MountPoint& a, const MountPoint& b) { return a.path < b.path; });
  std::string_view walked;
  for (const MountPoint& mount : mounts) {
    const std::string_view path = mount.path;
    if (path == "/" || is_left_out(path.substr(0, path.find('/', 1)))) continue;
    const bool inside = !walked.empty() && path.starts_with(walked) &&
                        (path.size() == walked.size() || path[walked.size()] == '/');
    if (inside) continue;
    walked = path;
    walk.below(mount.path);
  }
  return std::move(walk.out);
}

}  // namespace witness
