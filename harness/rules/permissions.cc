#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "harness/rules/file_effects.h"

namespace skillaudit {
namespace {

constexpr std::uint32_t kWorldWrite = 0002;
constexpr std::uint32_t kSticky = 01000;
constexpr std::uint32_t kSetuid = 04000;
constexpr std::uint32_t kSpecial = 06000;

bool is_open_to_all(const FileEntry& entry) {
  if (entry.type == FileType::Directory) {
    return (entry.mode & kWorldWrite) != 0 && (entry.mode & kSticky) == 0;
  }
  return entry.type == FileType::Regular && (entry.mode & kWorldWrite) != 0;
}

/// Whether the owner could read the file and now cannot, or another account took it over.
bool lost_access(const FileChange& change) {
  const FileEntry& before = change.before;
  const FileEntry& after = change.after;
  if (before.uid != after.uid) return true;
  const std::uint32_t needed = before.type == FileType::Directory ? 0500U : 0400U;
  return (before.mode & needed) == needed && (after.mode & needed) != needed;
}

/// What lies among keys and is made to be shown.
bool is_public(std::string_view path) {
  const std::string_view name = base_name(path);
  return name.ends_with(".pub") || name.starts_with("known_hosts") ||
         name.starts_with("authorized_keys") || name == "config";
}

bool is_secret(const RuleInput& input, const FileEntry& entry) {
  return entry.type == FileType::Regular && entry.size > 0 && !is_public(entry.path) &&
         input.place(entry.path) == Place::UserSecret;
}

}  // namespace

bool exposes_secret(const RuleInput& input, const FileChange& change) {
  if (change.kind != ChangeKind::Modified || change.before.type != change.after.type) return false;
  constexpr std::uint32_t kOthersRead = 0044, kOthersEnter = 0011;
  const std::uint32_t more = change.after.mode & ~change.before.mode;
  if (change.after.type != FileType::Directory)
    return (more & kOthersRead) != 0 && is_secret(input, change.after);
  // Who may enter a folder reads what its own mode lets them read.
  const std::uint32_t readers = (more & kOthersEnter) << 2;
  if (readers == 0) return false;
  const std::vector<FileEntry>& files = input.evidence.after.files;
  auto file = std::lower_bound(
      files.begin(), files.end(), change.path() + "/",
      [](const FileEntry& entry, const std::string& path) { return entry.path < path; });
  for (; file != files.end() && is_below(file->path, change.path()); ++file)
    if ((file->mode & readers) != 0 && is_secret(input, *file)) return true;
  return false;
}

std::optional<Trait> permission_change(const FileChange& change) {
  if (change.kind == ChangeKind::Deleted) return std::nullopt;
  const bool was_open = change.kind == ChangeKind::Modified && is_open_to_all(change.before);
  if (is_open_to_all(change.after) && !was_open) return Trait::OpenedToAll;
  if (change.kind != ChangeKind::Modified || !change.metadata_changed()) return std::nullopt;
  if (lost_access(change)) return Trait::ClosedToOwner;
  const FileEntry& before = change.before;
  const FileEntry& after = change.after;
  // New setuid bits have a rule of their own.
  const bool other_bits = (before.mode & ~kSpecial) != (after.mode & ~kSpecial) ||
                          before.uid != after.uid || before.gid != after.gid ||
                          (before.mode & kSpecial & ~after.mode) != 0;
  return other_bits ? std::optional(Trait::OtherwiseChanged) : std::nullopt;
}

void program_effects(const RuleInput& input, Found& found) {
  for (const FileEntry& entry : input.changes.new_setuid) {
    if (entry.type != FileType::Regular) continue;  // setgid folders pass on a group, no rights
    if (comes_with_package(input, entry.path)) continue;
    const bool is_root = (entry.mode & kSetuid) != 0 && entry.uid == 0;
    const Effect effect{.verb = Verb::Elevate,
                        .object = ObjectKind::Program,
                        .name = entry.path,
                        .traits = is_root ? traits_of({Trait::Root}) : Traits(),
                        .takes_root = entry.uid == 0};
    found.add(effect, [&] {
      return Offender{{as_code(entry.path), "", ""},
                      {cite(source::after(Table::Files),
                            fmt::format("{} (mode {:04o}, owner {}:{})", entry.path, entry.mode,
                                        entry.uid, entry.gid))}};
    });
  }
}

}  // namespace skillaudit
