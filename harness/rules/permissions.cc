#include <fmt/core.h>

#include <map>
#include <optional>

#include "harness/rules/rules.h"

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

bool is_of_home(Place place) {
  return place == Place::UserData || place == Place::UserConfig || place == Place::UserSecret ||
         place == Place::ShellStartup;
}

/// Whether the owner could read the file and now cannot, or another account took it over.
bool lost_access(const FileChange& change) {
  const FileEntry& before = change.before;
  const FileEntry& after = change.after;
  if (before.uid != after.uid) return true;
  const std::uint32_t needed = before.type == FileType::Directory ? 0500U : 0400U;
  return (before.mode & needed) == needed && (after.mode & needed) != needed;
}

std::optional<RuleId> rule_for(const FileChange& change, Place place) {
  const FileEntry& after = change.after;
  const bool was_open = change.kind == ChangeKind::Modified && is_open_to_all(change.before);
  if (place != Place::Temp && is_open_to_all(after) && !was_open) {
    return RuleId::PermissionsWorldWritable;
  }
  if (change.kind != ChangeKind::Modified || !change.metadata_changed()) return std::nullopt;
  if (is_of_home(place)) {
    return lost_access(change) ? std::optional(RuleId::PermissionsTooStrict) : std::nullopt;
  }
  const bool is_system = place != Place::Temp && place != Place::Cache &&
                         place != Place::SkillFolder && place != Place::Log;
  // New setuid bits have a rule of their own.
  const bool other_bits = (change.before.mode & ~kSpecial) != (after.mode & ~kSpecial) ||
                          change.before.uid != after.uid || change.before.gid != after.gid ||
                          (change.before.mode & kSpecial & ~after.mode) != 0;
  return is_system && other_bits ? std::optional(RuleId::PermissionsSystemFile) : std::nullopt;
}

}  // namespace

void permission_rules(const RuleInput& input, Drafts& drafts) {
  std::map<RuleId, std::vector<const FileChange*>> found;
  for (const FileChange& change : input.changes.files) {
    if (change.origin != Origin::Skill || change.kind == ChangeKind::Deleted) continue;
    if (const auto rule = rule_for(change, input.place(change))) {
      found[*rule].push_back(&change);
    }
  }
  for (const auto& [rule, files] : found) add_files(input, drafts, rule, files);

  struct Setuid {
    std::vector<Offender> offenders;
    std::size_t unlisted = 0;
  };
  std::map<RuleId, Setuid> setuid;
  for (const FileEntry& entry : input.changes.new_setuid) {
    if (entry.type != FileType::Regular) continue;  // setgid folders pass on a group, no rights
    if (comes_with_package(input, entry.path)) continue;
    const bool is_root = (entry.mode & kSetuid) != 0 && entry.uid == 0;
    Setuid& found_here =
        setuid[is_root ? RuleId::PermissionsSetuidRoot : RuleId::PermissionsSetuid];
    if (found_here.offenders.size() == kMostListed) {
      ++found_here.unlisted;
      continue;
    }
    Offender offender;
    offender.words.what = quoted(entry.path);
    offender.evidence.push_back(
        cite(source::after(Table::Files), fmt::format("{} (mode {:04o}, owner {}:{})", entry.path,
                                                      entry.mode, entry.uid, entry.gid)));
    found_here.offenders.push_back(std::move(offender));
  }
  for (const auto& [rule, each] : setuid) drafts.add_each(rule, each.offenders, each.unlisted);
}

}  // namespace skillaudit
