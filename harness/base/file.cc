#include "harness/base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <cstdlib>

#include "harness/base/error.h"
#include "harness/base/fd.h"
#include "harness/base/version.h"

namespace skillaudit {
namespace fs = std::filesystem;

std::string read_file(const fs::path& path, std::uint64_t limit) {
  Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) fail(ErrorKind::Environment, "cannot read {}: {}", path.string(), errno_text(errno));
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0 || S_ISDIR(info.st_mode))
    fail(ErrorKind::Environment, "cannot read {}: it is not a file", path.string());
  const auto too_large = [&] {
    fail(ErrorKind::Environment, "cannot read {}: it is larger than {} bytes", path.string(),
         limit);
  };
  // A sparse file may claim any size: judged before memory is reserved for it.
  if (static_cast<std::uint64_t>(info.st_size) > limit) too_large();
  std::string content;
  content.reserve(static_cast<std::size_t>(info.st_size) + 1);
  char buffer[1 << 16];
  for (;;) {
    const ssize_t got = ::read(fd.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0)
      fail(ErrorKind::Environment, "cannot read {}: {}", path.string(), errno_text(errno));
    if (got == 0) return content;
    content.append(buffer, static_cast<std::size_t>(got));
    if (content.size() > limit) too_large();
  }
}

void write_file(const fs::path& path, std::string_view content, unsigned mode) {
  // One for each thread: several may write the same file at once, and each rename is whole.
  const fs::path temporary = path.string() + ".new." + std::to_string(::gettid());
  Fd fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, mode));
  if (!fd) fail(ErrorKind::Environment, "cannot write {}: {}", path.string(), errno_text(errno));
  const auto give_up = [&](int error_number) {
    ::unlink(temporary.c_str());
    fail(ErrorKind::Environment, "cannot write {}: {}", path.string(), errno_text(error_number));
  };
  for (std::size_t done = 0; done < content.size();) {
    const ssize_t wrote = ::write(fd.get(), content.data() + done, content.size() - done);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) give_up(errno);
    done += static_cast<std::size_t>(wrote);
  }
  if (::fchmod(fd.get(), mode) != 0) give_up(errno);
  if (::close(fd.release()) != 0) give_up(errno);
  if (::rename(temporary.c_str(), path.c_str()) != 0) give_up(errno);
}

std::uint64_t free_bytes(const fs::path& path) {
  fs::path place = fs::absolute(path);
  std::error_code ignored;
  while (!fs::exists(place, ignored) && place.has_parent_path() && place != place.parent_path())
    place = place.parent_path();
  struct statvfs info {};
  if (::statvfs(place.c_str(), &info) != 0)
    fail(ErrorKind::Environment, "cannot determine the free space in {}: {}", place.string(),
         errno_text(errno));
  return static_cast<std::uint64_t>(info.f_bavail) * info.f_frsize;
}

fs::path cache_dir() {
  fs::path base;
  if (const char* xdg = std::getenv("XDG_CACHE_HOME"); xdg && *xdg == '/') {
    base = xdg;
  } else if (const char* home = std::getenv("HOME"); home && *home) {
    base = fs::path(home) / ".cache";
  } else {
    fail(ErrorKind::Environment,
         "neither XDG_CACHE_HOME nor HOME is set: set one; VM images are stored there");
  }
  const fs::path dir = base / "skillaudit";
  std::error_code error;
  fs::create_directories(dir, error);
  if (error)
    fail(ErrorKind::Environment, "cannot create the cache folder {}: {}", dir.string(),
         error.message());
  fs::permissions(dir, fs::perms::owner_all, error);
  return dir;
}

namespace {

/// Made when it is first asked for: a header of the library may ask before main().
fs::path& data_dir() {
  static fs::path folder;
  return folder;
}

}  // namespace

bool use_data_dir(const fs::path& folder) {
  data_dir() = folder;
  return true;
}

fs::path resource(std::string_view relative) {
  std::error_code ignored;
  if (!data_dir().empty() && fs::exists(data_dir() / relative, ignored))
    return fs::canonical(data_dir() / relative);
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
  const fs::path installed = program.parent_path() / kInstalledDataDir / relative;
  if (fs::exists(installed, ignored)) return fs::canonical(installed);
  const fs::path source = fs::path(kSourceDir) / relative;
  if (fs::exists(source, ignored)) return source;
  fail(ErrorKind::Environment, "the file {}, part of skillaudit, is missing: reinstall skillaudit",
       relative);
}

}  // namespace skillaudit
