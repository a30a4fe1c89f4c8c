#include "harness/observe/contents_before.h"

#include "harness/changes/locations.h"
#include "harness/snapshot/tables.h"

namespace skillaudit {
namespace {

/// Of a file, and of all that are compared on suspicion.
constexpr std::uint64_t kMostOfOne = 1ULL << 20;
constexpr std::uint64_t kMostOfAll = 32ULL << 20;

/// Calls `use` with each path and digest of a table "digests".
template <typename Use>
void each_row(std::string_view table, const Use& use) {
  while (!table.empty()) {
    const std::size_t path_end = table.find('\0');
    const std::size_t end =
        path_end == std::string_view::npos ? path_end : table.find('\0', path_end + 1);
    if (end == std::string_view::npos) return;
    use(table.substr(0, path_end), table.substr(path_end + 1, end - path_end - 1));
    table.remove_prefix(end + 1);
  }
}

}  // namespace

ContentsBefore::ContentsBefore(const MachineBase& base, const Prepared& prepared,
                               const std::string& home)
    : home_(home), base_(base.digests()), prepared_(prepared.digests) {
  each_row(base_,
           [&](std::string_view path, std::string_view digest) { of_base_.emplace(path, digest); });
  // The preparation gave the clone an identity: these are not the template's any more.
  for (const FileEntry& written : parse_files(prepared.files).rows)
    if (!is_below(written.path, home_)) of_base_.erase(written.path);
  of_base_.erase(home_ + "/.ssh/authorized_keys");
  each_row(prepared_, [&](std::string_view path, std::string_view digest) {
    of_home_.emplace(path.starts_with('/') ? std::string(path) : home_ + "/" + std::string(path),
                     digest);
  });
}

std::string_view ContentsBefore::digest(const std::string& path) const {
  if (const auto own = of_home_.find(path); own != of_home_.end()) return own->second;
  const auto found = of_base_.find(path);
  return found == of_base_.end() ? std::string_view() : found->second;
}

std::string ContentsBefore::table(const std::vector<std::string>& paths) const {
  std::string table;
  for (const std::string& path : paths)
    if (const std::string_view known = digest(path); !known.empty())
      table.append(path).append(1, '\0').append(known).append(1, '\0');
  return table;
}

std::vector<std::string> ContentsBefore::worth_comparing(
    const std::vector<FileEntry>& files) const {
  std::vector<std::string> paths;
  std::uint64_t total = 0;
  for (const FileEntry& file : files) {
    if (file.type != FileType::Regular || file.size == 0 || file.size > kMostOfOne) continue;
    const bool counts = is_below(file.path, home_) || is_below(file.path, "/etc") ||
                        is_below(file.path, "/root") || is_below(file.path, "/usr/local") ||
                        is_below(file.path, "/var/spool");
    if (!counts || digest(file.path).empty()) continue;
    total += file.size;
    if (total > kMostOfAll) break;
    paths.push_back(file.path);
  }
  return paths;
}

}  // namespace skillaudit
