#include "harness/skill/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unicase.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/ascii.h"
#include "harness/base/error.h"
#include "harness/base/fd.h"
#include "harness/base/interrupt.h"
#include "harness/base/text.h"
#include "harness/skill/inventory.h"

namespace skillaudit {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kDeepest = 64;
constexpr std::size_t kBlock = 64 << 10;
constexpr auto kEndings = std::to_array<std::string_view>(
    {".skill", ".zip", ".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst"});

std::string_view ending_of(const std::string& name) {
  const std::string lower = ascii_lower(name);
  std::string_view longest;
  for (const std::string_view ending : kEndings)
    if (lower.size() > ending.size() && lower.ends_with(ending) && ending.size() > longest.size())
      longest = ending;
  return longest;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

/// Two names that a file system without case takes for one have the same key.
std::string folded(const std::string& name) {
  std::size_t size = 0;
  const std::unique_ptr<std::uint8_t, decltype(&std::free)> key(
      u8_casefold(reinterpret_cast<const std::uint8_t*>(name.data()), name.size(), nullptr,
                  UNINORM_NFC, nullptr, &size),
      std::free);
  return key ? std::string(reinterpret_cast<const char*>(key.get()), size) : ascii_lower(name);
}

class Unpacking {
 public:
  Unpacking(const fs::path& file, const fs::path& folder)
      : file_(file),
        folder_(folder),
        shown_(printable(file.string())),
        is_upload_(ending_of(file.filename().string()) == ".skill"),
        limit_(is_upload_ ? kMaximumUploadBytes : kMaximumSkillBytes),
        reader_(archive_read_new(), archive_read_free) {}

  void run() {
    open();
    archive_entry* entry = nullptr;
    for (;;) {
      const int status = archive_read_next_header(reader_.get(), &entry);
      if (status == ARCHIVE_EOF) break;
      if (status < ARCHIVE_WARN) fail_broken();
      check_interrupt();
      take(entry);
    }
    make_links();
  }

 private:
  /// Not every filter that libarchive knows: it runs programs of the host for some of them.
  void open() {
    archive* reader = reader_.get();
    archive_read_support_format_zip(reader);
    archive_read_support_format_tar(reader);
    archive_read_support_filter_gzip(reader);
    archive_read_support_filter_bzip2(reader);
    archive_read_support_filter_xz(reader);
    archive_read_support_filter_zstd(reader);
    if (archive_read_open_filename(reader, file_.c_str(), kBlock) != ARCHIVE_OK) fail_broken();
  }

  [[noreturn]] void fail_broken() {
    const char* why = archive_error_string(reader_.get());
    fail(ErrorKind::Skill,
         "cannot unpack {}: {}: give a zip or tar archive that is whole and not encrypted", shown_,
         printable(why == nullptr ? "it is damaged" : why));
  }

  [[noreturn]] void refuse(const std::string& name, const std::string& what) const {
    fail(ErrorKind::Skill, "{}: the entry `{}` {}: pack the archive without it", shown_,
         shorten(printable(name), 200), what);
  }

  void take(archive_entry* entry) {
    if (++entries_ > kMaximumSkillFiles)
      fail(ErrorKind::Skill, "{} has more than {} entries: pack fewer files", shown_,
           kMaximumSkillFiles);
    const char* raw = archive_entry_pathname(entry);
    if (raw == nullptr) raw = archive_entry_pathname_utf8(entry);
    const std::string path = checked_path(raw == nullptr ? "" : raw);
    if (path.empty()) return;  // "./": the archive's own folder
    if (archive_entry_hardlink(entry) != nullptr) refuse(path, "is a hard link");
    const auto type = archive_entry_filetype(entry);
    claim(path, type == AE_IFDIR);
    std::error_code error;
    fs::create_directories(
        folder_ / (type == AE_IFDIR ? fs::path(path) : fs::path(path).parent_path()), error);
    if (error) refuse(path, "cannot be made: " + error.message());
    if (type == AE_IFREG) {
      // Before a byte of it is written, where the archive says so; write() counts what comes.
      if (archive_entry_size_is_set(entry) != 0 &&
          static_cast<std::uint64_t>(archive_entry_size(entry)) > limit_ - bytes_)
        refuse_size(path);
      write(path, archive_entry_perm(entry));
    } else if (type == AE_IFLNK) {
      remember_link(path, archive_entry_symlink(entry));
    } else if (type != AE_IFDIR) {
      refuse(path, "is a device, a FIFO or a socket");
    }
  }

  /// Without `.` and doubled slashes.
  std::string checked_path(const std::string& name) const {
    if (name.empty()) refuse(name, "has no name");
    if (name.front() == '/') refuse(name, "has an absolute name");
    if (std::any_of(name.begin(), name.end(), is_control))
      refuse(name, "has control characters in its name");
    std::vector<std::string> parts;
    for (const std::string_view part : split(name, '/')) {
      if (part == "..") refuse(name, "leads out of the archive by `..`");
      if (!part.empty() && part != ".") parts.emplace_back(part);
    }
    if (parts.size() > kDeepest) refuse(name, "is nested too deep");
    return join(parts, "/");
  }

  /// Takes the name and those of its folders, if no other entry has them.
  void claim(const std::string& path, bool is_folder) {
    for (std::size_t end = path.find('/'); end != std::string::npos; end = path.find('/', end + 1))
      claim_one(path.substr(0, end), true);
    claim_one(path, is_folder);
  }

  void claim_one(const std::string& path, bool is_folder) {
    const auto [at, is_new] = names_.try_emplace(folded(path), path, is_folder);
    if (is_new) return;
    const auto& [other, other_is_folder] = at->second;
    if (other != path)
      refuse(path, "differs in case alone from `" + shorten(printable(other), 200) + "`");
    if (!is_folder || !other_is_folder) refuse(path, "is there twice");
  }

  void write(const std::string& path, mode_t mode) {
    const Fd out(::open((folder_ / path).c_str(),
                        O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                        (mode & 0111) != 0 ? 0755 : 0644));
    if (out.get() < 0) refuse(path, "cannot be made: " + errno_text(errno));
    std::vector<char> block(kBlock);
    for (;;) {
      const la_ssize_t size = archive_read_data(reader_.get(), block.data(), block.size());
      if (size < 0) fail_broken();
      if (size == 0) return;
      check_interrupt();
      bytes_ += static_cast<std::uint64_t>(size);
      if (bytes_ > limit_) refuse_size(path);
      for (la_ssize_t done = 0; done < size;) {
        const ssize_t count =
            ::write(out.get(), block.data() + done, static_cast<std::size_t>(size - done));
        if (count < 0 && errno != EINTR)
          fail(ErrorKind::Environment, "cannot unpack {}: {}: free space on the disk", shown_,
               errno_text(errno));
        done += std::max<ssize_t>(count, 0);
      }
    }
  }

  [[noreturn]] void refuse_size(const std::string& path) const {
    fail(ErrorKind::Skill, "{} has more than {} unpacked, at the entry `{}`{}: pack less", shown_,
         human_bytes(limit_), shorten(printable(path), 200),
         is_upload_ ? " (what is uploaded as a .skill may not be larger)" : "");
  }

  /// Links are made last, so that no entry is written through one.
  void remember_link(const std::string& path, const char* target) {
    const fs::path end(target == nullptr ? "" : target);
    const fs::path real = (fs::path(path).parent_path() / end).lexically_normal();
    if (end.empty() || end.is_absolute() || *real.begin() == "..")
      refuse(path, "is a link that leaves the archive, to `" +
                       shorten(printable(end.string()), 200) + "`");
    links_.emplace_back(path, end.string());
  }

  void make_links() {
    for (const auto& [path, target] : links_)
      if (::symlink(target.c_str(), (folder_ / path).c_str()) != 0)
        refuse(path, "cannot be made: " + errno_text(errno));
  }

  const fs::path& file_;
  const fs::path& folder_;
  std::string shown_;
  bool is_upload_;
  std::uint64_t limit_;
  std::unique_ptr<archive, decltype(&archive_read_free)> reader_;
  /// By folded name: the name, and whether it is a folder.
  std::map<std::string, std::pair<std::string, bool>> names_;
  std::vector<std::pair<std::string, std::string>> links_;
  std::size_t entries_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace

bool is_archive_name(const fs::path& file) { return !ending_of(file.filename().string()).empty(); }

std::string archive_stem(const fs::path& file) {
  const std::string name = file.filename().string();
  return name.substr(0, name.size() - ending_of(name).size());
}

void unpack(const fs::path& archive, const fs::path& folder) { Unpacking(archive, folder).run(); }

}  // namespace skillaudit
