#include "harness/guest/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <memory>

#include "harness/base/error.h"
#include "harness/base/fd.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;

/// Opened without following a link, so that a file swapped for a link after it was listed is an
/// error and not a leak of the host's file.
std::string read_regular(const fs::path& path) {
  Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat info {};
  if (!fd || ::fstat(fd.get(), &info) != 0 || !S_ISREG(info.st_mode))
    fail(ErrorKind::Skill, "cannot read {}: {}", printable(path.string()),
         errno_text(errno ? errno : EINVAL));
  std::string content;
  content.reserve(static_cast<std::size_t>(info.st_size));
  char buffer[1 << 16];
  for (;;) {
    const ssize_t got = ::read(fd.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0)
      fail(ErrorKind::Skill, "cannot read {}: {}", printable(path.string()), errno_text(errno));
    if (got == 0) return content;
    content.append(buffer, static_cast<std::size_t>(got));
  }
}

enum class Format { Tar, Zip };

std::string pack(const std::vector<ArchiveEntry>& entries, Format format) {
  std::string out;
  const std::unique_ptr<archive, decltype(&archive_write_free)> writer(archive_write_new(),
                                                                       archive_write_free);
  if (format == Format::Tar) {
    archive_write_set_format_pax_restricted(writer.get());
    archive_write_set_options(writer.get(), "hdrcharset=BINARY");
  } else {
    archive_write_set_format_zip(writer.get());
    archive_write_set_options(writer.get(), "compression=store");
  }
  const auto write = [](archive*, void* sink, const void* data, std::size_t size) -> la_ssize_t {
    static_cast<std::string*>(sink)->append(static_cast<const char*>(data), size);
    return static_cast<la_ssize_t>(size);
  };
  const auto check = [&](int code) {
    if (code < ARCHIVE_WARN)
      fail(ErrorKind::Internal, "cannot pack an archive: {}", archive_error_string(writer.get()));
  };
  check(archive_write_open(writer.get(), &out, nullptr, write, nullptr));
  const std::time_t now = std::time(nullptr);
  for (const ArchiveEntry& item : entries) {
    const std::unique_ptr<archive_entry, decltype(&archive_entry_free)> entry(archive_entry_new(),
                                                                              archive_entry_free);
    archive_entry_set_pathname(entry.get(), item.path.c_str());
    archive_entry_set_perm(entry.get(), item.mode & 07777);
    archive_entry_set_mtime(entry.get(), now, 0);
    if (!item.link_target.empty()) {
      archive_entry_set_filetype(entry.get(), AE_IFLNK);
      archive_entry_set_symlink(entry.get(), item.link_target.c_str());
    } else if (item.directory) {
      archive_entry_set_filetype(entry.get(), AE_IFDIR);
    } else {
      archive_entry_set_filetype(entry.get(), AE_IFREG);
      archive_entry_set_size(entry.get(), static_cast<la_int64_t>(item.content.size()));
    }
    check(archive_write_header(writer.get(), entry.get()));
    if (!item.content.empty() &&
        archive_write_data(writer.get(), item.content.data(), item.content.size()) < 0)
      fail(ErrorKind::Internal, "cannot pack {}: {}", printable(item.path),
           archive_error_string(writer.get()));
  }
  check(archive_write_close(writer.get()));
  return out;
}

}  // namespace

std::string make_tar(const std::vector<ArchiveEntry>& entries) {
  return pack(entries, Format::Tar);
}

std::string make_zip(const std::vector<ArchiveEntry>& entries) {
  std::vector<ArchiveEntry> files = entries;
  std::erase_if(
      files, [](const ArchiveEntry& each) { return each.directory || !each.link_target.empty(); });
  return pack(files, Format::Zip);
}

std::vector<ArchiveEntry> archive_folder(const fs::path& folder, const std::string& prefix) {
  std::vector<ArchiveEntry> entries;
  std::vector<fs::path> paths;
  for (const auto& found : fs::recursive_directory_iterator(folder)) paths.push_back(found.path());
  std::sort(paths.begin(), paths.end());
  entries.push_back({.path = prefix, .mode = 0755, .directory = true});
  for (const fs::path& path : paths) {
    struct stat info {};
    if (::lstat(path.c_str(), &info) != 0)
      fail(ErrorKind::Skill, "cannot read {}: {}", printable(path.string()), errno_text(errno));
    ArchiveEntry entry;
    entry.path = prefix + "/" + path.lexically_relative(folder).string();
    entry.mode = info.st_mode & 07777;
    if (S_ISLNK(info.st_mode)) {
      entry.link_target = fs::read_symlink(path).string();
    } else if (S_ISDIR(info.st_mode)) {
      entry.directory = true;
    } else if (S_ISREG(info.st_mode)) {
      entry.content = read_regular(path);
    } else {
      fail(ErrorKind::Skill, "{} is neither a file, a folder nor a link", printable(path.string()));
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace skillaudit
