#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <limits>

#include "harness/base/text.h"
#include "harness/snapshot/fields.h"
#include "harness/snapshot/path_order.h"
#include "harness/snapshot/tables.h"

namespace skillaudit {
namespace {

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
  const std::string_view fraction =
      dot == std::string_view::npos ? std::string_view{} : text.substr(dot + 1);
  std::int64_t part = 0;
  for (std::size_t i = 0; i < 9; ++i) {
    const char digit = i < fraction.size() ? fraction[i] : '0';
    if (digit < '0' || digit > '9') return std::nullopt;
    part = part * 10 + (digit - '0');
  }
  constexpr std::int64_t kSecond = 1'000'000'000;
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() / kSecond - 1;
  if (*seconds > kMost) return std::numeric_limits<std::int64_t>::max();
  if (*seconds < -kMost) return std::numeric_limits<std::int64_t>::min();
  return *seconds * kSecond + (text.front() == '-' ? -part : part);
}

std::string_view take(std::string_view& line) {
  const std::size_t end = line.find(' ');
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
  return word;
}

/// A row whose texts still stand in the table: a million of them are sorted before any is copied,
/// so that the paths then lie in memory in the order in which everybody reads them.
struct Row {
  std::string_view path;
  std::string_view link_target;
  FileType type = FileType::Unknown;
  std::uint32_t mode = 0, uid = 0, gid = 0;
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0, ctime_ns = 0;
};

std::optional<Row> parse_row(std::string_view line, std::string_view link_target) {
  Row entry;
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

std::string format_files(const std::vector<FileEntry>& entries) {
  static constexpr std::string_view kLetters = "fdlspbc?";  // in the order of FileType
  constexpr std::int64_t kSecond = 1'000'000'000;
  std::string text;
  text.reserve(entries.size() * 120);
  const auto time = [&](std::int64_t ns) {
    // Before 1970 find prints the seconds rounded towards zero, and the fraction as it stands.
    const std::int64_t seconds = ns / kSecond;
    const std::int64_t part = ns < 0 ? -(ns % kSecond) : ns % kSecond;
    fmt::format_to(std::back_inserter(text), " {}{}.{:09}0", ns < 0 && seconds == 0 ? "-" : "",
                   seconds, part);
  };
  for (const FileEntry& entry : entries) {
    fmt::format_to(std::back_inserter(text), "{} {:o} {} {} {}",
                   kLetters[static_cast<std::size_t>(entry.type)], entry.mode, entry.uid, entry.gid,
                   entry.size);
    time(entry.mtime_ns);
    time(entry.ctime_ns);
    text += ' ';
    text += entry.path;
    text += '\0';
    text += entry.link_target;
    text += '\0';
  }
  return text;
}

std::string replace_files(std::string_view table, std::string_view newer) {
  std::vector<FileEntry> rows = parse_files(newer).rows;
  std::vector<FileEntry> old = parse_files(table).rows;
  // Sorted by path, and the first of those of one path stays.
  std::vector<FileEntry> merged;
  merged.reserve(rows.size() + old.size());
  const auto by_path = [](const FileEntry& a, const FileEntry& b) { return a.path < b.path; };
  std::merge(std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()),
             std::make_move_iterator(old.begin()), std::make_move_iterator(old.end()),
             std::back_inserter(merged), by_path);
  const auto same = [](const FileEntry& a, const FileEntry& b) { return a.path == b.path; };
  merged.erase(std::unique(merged.begin(), merged.end(), same), merged.end());
  return format_files(merged);
}

Parsed<FileEntry> parse_files(std::string_view raw) {
  Parsed<FileEntry> result;
  MalformedRows malformed(Table::Files);
  std::vector<Row> rows;
  rows.reserve(raw.size() / 100);
  FieldReader reader(raw);
  while (!reader.done()) {
    const auto line = reader.field();
    const auto target = line ? reader.field() : std::nullopt;
    if (!target) {
      malformed.add(line ? *line : reader.rest());
      break;
    }
    if (const auto row = parse_row(*line, *target)) {
      rows.push_back(*row);
    } else {
      malformed.add(*line);
    }
  }
  std::vector<std::string_view> paths;
  paths.reserve(rows.size());
  for (const Row& row : rows) paths.push_back(row.path);
  result.rows.reserve(rows.size());
  for (const std::uint32_t position : path_order(paths)) {
    const Row& row = rows[position];
    // The root of a mounted file system and its mount point have one path.
    if (!result.rows.empty() && result.rows.back().path == row.path) continue;
    FileEntry& entry = result.rows.emplace_back();
    entry.path = row.path;
    entry.type = row.type;
    entry.mode = row.mode;
    entry.uid = row.uid;
    entry.gid = row.gid;
    entry.size = row.size;
    entry.mtime_ns = row.mtime_ns;
    entry.ctime_ns = row.ctime_ns;
    entry.link_target = row.link_target;
  }
  result.gaps = malformed.gaps();
  return result;
}

}  // namespace skillaudit
