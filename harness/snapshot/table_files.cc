#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "harness/base/text.h"
#include "harness/snapshot/fields.h"
#include "harness/snapshot/tables.h"

namespace skillaudit {
namespace {

/// The tests come after `-type d`, so that a file costs none of them: under emulation the walk is
/// what a snapshot waits for. -fstype rather than -xdev: other real file systems are walked.
/// -ignore_readdir_race: a file that goes while find looks is no error.
constexpr std::string_view kCommand = R"sh(
/usr/bin/timeout -k 5 300 /usr/bin/find {} -ignore_readdir_race \
  -type d \( -path /proc -o -path /sys -o -path /dev -o -path /run \
    -o -fstype proc -o -fstype sysfs -o -fstype devtmpfs -o -fstype devpts -o -fstype cgroup2 \
    -o -fstype cgroup -o -fstype securityfs -o -fstype tracefs -o -fstype debugfs \
    -o -fstype 9p -o -fstype virtiofs -o -fstype nfs -o -fstype nfs4 -o -fstype cifs \) -prune \
  -o -printf '%y %m %U %G %s %T@ %C@ %p\0%l\0'
)sh";

/// The letters of find's %y.
FileType file_type(std::string_view letter) {
  if (letter == "f") return FileType::Regular;
  if (letter == "d") return FileType::Directory;
  if (letter == "l") return FileType::Symlink;
  if (letter == "s") return FileType::Socket;
  if (letter == "p") return FileType::Fifo;
  if (letter == "b") return FileType::BlockDevice;
  if (letter == "c") return FileType::CharacterDevice;
  return FileType::Unknown;
}

/// find prints "1700000000.1234567890": seconds and ten digits of fraction. A time that nanoseconds
/// in 64 bits cannot hold (`touch -d` takes any) becomes the nearest one that they can.
std::optional<std::int64_t> nanoseconds(std::string_view text) {
  const std::size_t dot = text.find('.');
  const auto seconds = parse_number<std::int64_t>(text.substr(0, dot));
  if (!seconds) return std::nullopt;
  std::string fraction(dot == std::string_view::npos ? "" : text.substr(dot + 1));
  fraction.resize(9, '0');
  const auto part = parse_number<std::uint32_t>(fraction);
  if (!part) return std::nullopt;
  constexpr std::int64_t kSecond = 1'000'000'000;
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() / kSecond - 1;
  if (*seconds > kMost) return std::numeric_limits<std::int64_t>::max();
  if (*seconds < -kMost) return std::numeric_limits<std::int64_t>::min();
  return *seconds * kSecond + (text.front() == '-' ? -std::int64_t{*part} : std::int64_t{*part});
}

std::string_view take(std::string_view& line) {
  const std::size_t end = line.find(' ');
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
  return word;
}

std::optional<FileEntry> parse_entry(std::string_view line, std::string_view link_target) {
  FileEntry entry;
  entry.type = file_type(take(line));
  const auto mode = parse_number<std::uint32_t>(take(line), 8);
  const auto uid = parse_number<std::uint32_t>(take(line));
  const auto gid = parse_number<std::uint32_t>(take(line));
  const auto size = parse_number<std::uint64_t>(take(line));
  const auto mtime = nanoseconds(take(line));
  const auto ctime = nanoseconds(take(line));
  if (!mode || *mode > 07777 || !uid || !gid || !size || !mtime || !ctime) return std::nullopt;
  if (!line.starts_with('/')) return std::nullopt;
  entry.path = line;
  entry.mode = *mode;
  entry.uid = *uid;
  entry.gid = *gid;
  entry.size = *size;
  entry.mtime_ns = *mtime;
  entry.ctime_ns = *ctime;
  entry.link_target = link_target;
  return entry;
}

}  // namespace

std::string files_command(std::string_view root) {
  return fmt::format(fmt::runtime(kCommand), shell_quote(root));
}

Parsed<FileEntry> parse_files(std::string_view raw) {
  Parsed<FileEntry> result;
  MalformedRows malformed("files");
  result.rows.reserve(raw.size() / 100);
  FieldReader reader(raw);
  while (!reader.done()) {
    const auto line = reader.field();
    const auto target = line ? reader.field() : std::nullopt;
    if (!target) {
      malformed.add(line ? *line : reader.rest());
      break;
    }
    if (auto entry = parse_entry(*line, *target)) {
      result.rows.push_back(std::move(*entry));
    } else {
      malformed.add(*line);
    }
  }
  std::stable_sort(result.rows.begin(), result.rows.end(),
                   [](const FileEntry& a, const FileEntry& b) { return a.path < b.path; });
  // The root of a mounted file system and its mount point have one path.
  const auto same = [](const FileEntry& a, const FileEntry& b) { return a.path == b.path; };
  result.rows.erase(std::unique(result.rows.begin(), result.rows.end(), same), result.rows.end());
  result.gaps = malformed.gaps();
  return result;
}

}  // namespace skillaudit
