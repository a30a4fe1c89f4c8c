#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "harness/base/text.h"
#include "harness/rules/effect.h"
#include "harness/rules/rule_code.h"

namespace skillaudit {
namespace {

constexpr std::string_view kSecuritySettings = "files.security-settings";

/// Below it Debian keeps the accounts of its own packages (Debian Policy, 9.2.2).
constexpr std::uint32_t kFirstOrdinaryId = 1000;

std::string describe(const User& user) {
  return fmt::format("{} (uid {}, gid {}, home {}, shell {})", user.username, user.uid, user.gid,
                     user.directory, user.shell);
}

std::string describe(const Group& group) {
  return fmt::format("{} (gid {}, members {})", group.groupname, group.gid,
                     group.members.empty() ? "none" : join(group.members, ", "));
}

bool may_log_in(const User& user) {
  return !user.shell.ends_with("/nologin") && !user.shell.ends_with("/false");
}

/// Groups whose members are root by other means: sudoers(5), the Docker daemon, the disk itself.
bool is_privileged(const Group& group) {
  static constexpr std::array<std::string_view, 11> kPrivileged = {
      "root", "sudo", "wheel",  "admin", "adm",    "docker",
      "lxd",  "disk", "shadow", "kmem",  "libvirt"};
  return group.gid == 0 ||
         std::find(kPrivileged.begin(), kPrivileged.end(), group.groupname) != kPrivileged.end();
}

bool has_new_member(const Group& before, const Group& after) {
  return std::any_of(after.members.begin(), after.members.end(), [&](const std::string& member) {
    return std::find(before.members.begin(), before.members.end(), member) == before.members.end();
  });
}

template <typename Row>
Offender offender_of(const RowChange<Row>& change, const std::string& name, Table table) {
  Offender offender;
  offender.words.what = as_code(name);
  if (change.kind != ChangeKind::Added) {
    offender.evidence.push_back(cite(source::before(table), describe(change.before)));
  }
  if (change.kind != ChangeKind::Deleted) {
    offender.evidence.push_back(cite(source::after(table), describe(change.after)));
  }
  return offender;
}

Verb verb_of(ChangeKind kind) {
  static constexpr std::array<Verb, 3> kVerbOf = {Verb::Create, Verb::Modify, Verb::Delete};
  return kVerbOf[static_cast<std::size_t>(kind)];
}

/// Passwords and the like: the account files changed, and no row of theirs tells why.
void unexplained_files(const RuleInput& input, Drafts& drafts) {
  if (!input.changes.users.empty() || !input.changes.groups.empty()) return;
  std::vector<const FileChange*> files;
  for (const FileChange& change : input.changes.files) {
    const bool is_state = change.path() == "/etc/shadow" || change.path() == "/etc/gshadow" ||
                          change.path() == "/etc/passwd" || change.path() == "/etc/group";
    if (is_state && change.origin != Origin::System && change.content_changed()) {
      files.push_back(&change);
    }
  }
  add_files(input, drafts, kSecuritySettings, files, ConsentExtent::None);
}

}  // namespace

RuleCode account_code() { return {{kSecuritySettings}, unexplained_files}; }

void account_effects(const RuleInput& input, Found& found) {
  const bool any_package = std::any_of(input.packages.begin(), input.packages.end(),
                                       [](const NewPackage& each) { return each.from_mirror; });
  for (const RowChange<User>& change : input.changes.users) {
    const bool gone = change.kind == ChangeKind::Deleted;
    const User& user = gone ? change.before : change.after;
    const bool was_root = change.kind == ChangeKind::Modified && change.before.uid == 0;
    // Daemons of packages get an account, as a rule without a way to log in.
    const bool of_package = change.kind == ChangeKind::Added && any_package && user.uid != 0 &&
                            user.uid < kFirstOrdinaryId &&
                            (!may_log_in(user) || input.changes.accounts_by_packages);
    if (of_package) continue;
    const bool becomes_root = !gone && user.uid == 0 && !was_root;
    found.add({.verb = verb_of(change.kind),
               .object = ObjectKind::Account,
               .name = user.username,
               .traits = becomes_root ? traits_of({Trait::Root}) : Traits(),
               .takes_root = true},
              [&] { return offender_of(change, user.username, Table::Users); });
  }
  for (const RowChange<Group>& change : input.changes.groups) {
    if (change.kind == ChangeKind::Deleted) continue;
    const Group none;
    const Group& before = change.kind == ChangeKind::Added ? none : change.before;
    if (!is_privileged(change.after) || !has_new_member(before, change.after)) continue;
    found.add({.verb = verb_of(change.kind),
               .object = ObjectKind::Account,
               .name = change.after.groupname,
               .takes_root = true},
              [&] { return offender_of(change, change.after.groupname, Table::Groups); });
  }
}

}  // namespace skillaudit
