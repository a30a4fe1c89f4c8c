#include <map>
#include <optional>

#include "harness/analysis/rules.h"

namespace skillaudit {
namespace {

std::optional<RuleId> rule_for(Place place) {
  switch (place) {
    case Place::ShellStartup:
      return RuleId::PersistenceShellStartup;
    case Place::Autostart:
      return RuleId::PersistenceAutostart;
    case Place::AuthorizedKeys:
      return RuleId::PersistenceAuthorizedKeys;
    case Place::SystemStartup:
      return RuleId::PersistenceSystemStartup;
    case Place::Sudoers:
      return RuleId::PersistenceSudoers;
    case Place::Preload:
      return RuleId::PersistencePreload;
    default:
      return std::nullopt;
  }
}

Citation cite_diff(const ConfigDiff& diff) {
  return cite("after/config", "changed " + diff.path + ": " + diff.unified);
}

}  // namespace

/// Files that make something run again later, or as somebody else.
void persistence_rules(const RuleInput& input, Drafts& drafts) {
  std::map<RuleId, std::map<std::string, Offender>> found;
  const auto offender = [&](RuleId rule, const std::string& path) -> Offender* {
    if (input.excusable(rule, Excuse::Path) && input.documented.path(path)) return nullptr;
    Offender& entry = found[rule][path];
    entry.words.what = quoted(path);
    return &entry;
  };
  for (const FileChange& change : input.changes.files) {
    const auto rule = rule_for(input.place(change));
    if (!rule || change.origin == Origin::System || comes_with_package(input, change)) continue;
    if (change.origin == Origin::PackageManager || change.origin == Origin::SkillFolder) continue;
    const bool is_folder =
        (change.kind == ChangeKind::Deleted ? change.before : change.after).type ==
        FileType::Directory;
    if (is_folder || (change.kind == ChangeKind::Modified && !change.content_changed())) continue;
    if (Offender* entry = offender(*rule, change.path())) {
      entry->evidence.push_back(cite_file(change));
    }
  }
  // The text shows what the change says; a file that only its text shows to have changed (its size
  // and time put back) counts all the same.
  for (const ConfigDiff& diff : input.changes.config) {
    const auto rule = rule_for(input.place(diff.path));
    if (!rule || comes_with_package(input, diff.path)) continue;
    if (Offender* entry = offender(*rule, diff.path)) entry->evidence.push_back(cite_diff(diff));
  }
  for (const auto& [rule, by_path] : found) {
    std::vector<Offender> offenders;
    for (const auto& [path, entry] : by_path) offenders.push_back(entry);
    drafts.add_each(rule, offenders);
  }
}

}  // namespace skillaudit
