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
  return mount.path == "/run" || is_below(mount.path, "/run") || is_below(mount.path, "/proc") ||
         is_below(mount.path, "/sys") || is_below(mount.path, "/dev");
}

}  // namespace

void system_effects(const RuleInput& input, Found& found) {
  for (const RowChange<Mount>& change : input.changes.mounts) {
    const Mount& mount = change.after;
    if (change.kind != ChangeKind::Added || is_own(mount)) continue;
    found.add({.verb = Verb::Create,
               .object = ObjectKind::Mount,
               .name = mount.path,
               .takes_root = true,
               .named =
                   [&](EffectClass effect_class) {
                     return file_named(input, effect_class, Verb::Create, mount.path, true);
                   }},
              [&] {
                return Offender{{as_code(mount.path), "", ""},
                                {cite(source::after(Table::Mounts),
                                      mount.device + " on " + mount.path + " type " + mount.type)}};
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
