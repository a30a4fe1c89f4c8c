#include <algorithm>
#include <set>

#include "harness/rules/rules.h"

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

void system_rules(const RuleInput& input, Drafts& drafts) {
  std::vector<Offender> mounts;
  for (const RowChange<Mount>& change : input.changes.mounts) {
    if (change.kind != ChangeKind::Added || is_own(change.after)) continue;
    if (input.excusable(RuleId::SystemMountLeft, Excuse::Path) &&
        input.documented.path(change.after.path)) {
      continue;
    }
    Offender offender;
    offender.words.what = quoted(change.after.path);
    offender.evidence.push_back(
        cite(source::after(Table::Mounts),
             change.after.device + " on " + change.after.path + " type " + change.after.type));
    mounts.push_back(std::move(offender));
  }
  drafts.add_each(RuleId::SystemMountLeft, mounts);

  std::vector<Offender> modules;
  std::set<std::string> shipped;
  for (const RowChange<std::string>& change : input.changes.kernel_modules) {
    if (change.kind != ChangeKind::Added) continue;
    // The kernel loads its own modules when something needs them.
    if (shipped.empty()) shipped = shipped_modules(input.evidence.before);
    if (shipped.contains(module_name(change.after))) continue;
    Offender offender;
    offender.words.what = quoted(change.after);
    offender.evidence.push_back(cite(source::after(Table::KernelModules), change.after));
    modules.push_back(std::move(offender));
  }
  drafts.add_each(RuleId::PersistenceKernelModule, modules);
}

}  // namespace skillaudit
