#include <algorithm>
#include <set>

#include "harness/rules/effect.h"

namespace skillaudit {
namespace {

/// "nf_tables" of "/lib/modules/6.1.0/kernel/net/netfilter/nf-tables.ko.xz": the kernel takes `-`
/// and `_` for the same (modprobe(8)).
std::string module_name(std::string_view path) {
  std::string name(base_name(path));
  name = name.substr(0, name.find(".ko"));
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

std::set<std::string> shipped_modules(const Snapshot& before) {
  std::set<std::string> names;
  for (const FileEntry& entry : before.files) {
    const bool is_module =
        entry.path.starts_with("/lib/modules/") || entry.path.starts_with("/usr/lib/modules/");
    if (is_module && entry.path.find(".ko") != std::string::npos) {
      names.insert(module_name(entry.path));
    }
  }
  return names;
}

/// Mounts that the system makes by itself for a session or a service.
bool is_own(const Mount& mount) {
  const bool memory = mount.type == "tmpfs" || mount.type == "ramfs";
  if (is_below(mount.path, "/run/credentials") || is_below(mount.path, "/run/user"))
    return memory || mount.type.starts_with("fuse.");  // logind's, and a desktop's own
  return mount.path == "/proc/sys/fs/binfmt_misc" || is_below(mount.path, "/sys/kernel") ||
         is_below(mount.path, "/sys/fs") || mount.path == "/dev/mqueue" ||
         mount.path == "/dev/hugepages";
}

/// Whether it hides a file, or a folder that held some, of which other programs go on to believe
/// that it is the one they know. A user's own folders, and those made to mount on, are none.
bool is_over_existing(const RuleInput& input, const Mount& mount) {
  const Place place = input.place(mount.path);
  for (const std::string_view folder : {"/mnt", "/media", "/run"})
    if (mount.path == folder || is_below(mount.path, folder)) return false;
  if (place == Place::UserData || place == Place::Temp || place == Place::Cache ||
      place == Place::SkillFolder)
    return false;
  const std::vector<FileEntry>& before = input.evidence.before.files;
  const FileEntry* entry = find_file(before, mount.path);
  if (entry == nullptr) return false;
  if (entry->type != FileType::Directory) return true;
  const auto inside = std::lower_bound(
      before.begin(), before.end(), mount.path + "/",
      [](const FileEntry& file, const std::string& path) { return file.path < path; });
  return inside != before.end() && is_below(inside->path, mount.path);
}

std::string describe(const Mount& mount) {
  const bool bind = !mount.root.empty() && mount.root != "/";
  return mount.device + (bind ? " (" + mount.root + " of it)" : "") + " on " + mount.path +
         " type " + mount.type;
}

}  // namespace

void system_effects(const RuleInput& input, Found& found) {
  for (const RowChange<Mount>& change : input.changes.mounts) {
    const Mount& mount = change.after;
    if (change.kind != ChangeKind::Added || is_own(mount)) continue;
    found.add(
        {.verb = Verb::Create,
         .object = ObjectKind::Mount,
         .name = mount.path,
         .traits = is_over_existing(input, mount) ? traits_of({Trait::OverExisting}) : Traits(),
         .takes_root = true,
         .named =
             [&](EffectClass effect_class) {
               return file_named(input, effect_class, Verb::Create, mount.path, true);
             }},
        [&] {
          return Offender{{as_code(mount.path), "", ""},
                          {cite(source::after(Table::Mounts), describe(mount))}};
        });
  }
  std::set<std::string> shipped;
  for (const RowChange<std::string>& change : input.changes.kernel_modules) {
    if (change.kind != ChangeKind::Added) continue;
    // The kernel loads its own modules when something needs them.
    if (shipped.empty()) shipped = shipped_modules(input.evidence.before);
    if (shipped.contains(module_name(change.after))) continue;
    found.add({.verb = Verb::Run,
               .object = ObjectKind::KernelModule,
               .name = change.after,
               .takes_root = true},
              [&] {
                return Offender{{as_code(change.after), "", ""},
                                {cite(source::after(Table::KernelModules), change.after)}};
              });
  }
}

}  // namespace skillaudit
