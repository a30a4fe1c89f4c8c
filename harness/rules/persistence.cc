#include <map>

#include "harness/rules/rules.h"

namespace skillaudit {

std::optional<RuleId> persistence_rule(Place place) {
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

namespace {

Citation cite_diff(const ConfigDiff& diff) {
  return cite(source::after(Table::Config), "changed " + diff.path + ": " + diff.unified);
}

/// What is known of one path: its entry, its text, or both.
struct Seen {
  const FileChange* file = nullptr;
  const ConfigDiff* diff = nullptr;
};

Offender offender_of(std::string_view path, const Seen& seen) {
  Offender offender;
  offender.words.what = quoted(path);
  if (seen.file != nullptr) offender.evidence.push_back(cite_file(*seen.file));
  if (seen.diff != nullptr) offender.evidence.push_back(cite_diff(*seen.diff));
  return offender;
}

/// Files that make something run again later, or as somebody else.
class Persistence {
 public:
  explicit Persistence(const RuleInput& input) : input_(input) {
    for (const FileChange& change : input.changes.files) add(change);
    // The text shows what the change says; a file that only its text shows to have changed (its
    // size and time put back) counts all the same.
    for (const ConfigDiff& diff : input.changes.config) {
      const auto rule = persistence_rule(input.place(diff.path));
      if (!rule || comes_with_package(input, diff.path)) continue;
      if (Seen* seen = at(*rule, diff.path)) seen->diff = &diff;
    }
  }

  void report(Drafts& drafts) const {
    for (const auto& [rule, by_path] : found_) {
      std::vector<Offender> offenders;
      for (const auto& [path, seen] : by_path) {
        if (offenders.size() == kMostListed) break;
        offenders.push_back(offender_of(path, seen));
      }
      const std::size_t unlisted = by_path.size() - offenders.size();
      drafts.add_each(rule, offenders, unlisted);
    }
  }

 private:
  void add(const FileChange& change) {
    const auto rule = persistence_rule(input_.place(change));
    if (!rule || change.origin == Origin::System || comes_with_package(input_, change)) return;
    if (change.origin == Origin::PackageManager || change.origin == Origin::SkillFolder) return;
    const FileEntry& entry = change.kind == ChangeKind::Deleted ? change.before : change.after;
    if (entry.type == FileType::Directory) return;
    if (change.kind == ChangeKind::Modified && !change.content_changed()) return;
    if (Seen* seen = at(*rule, change.path())) seen->file = &change;
  }

  /// None where the skill's documents excuse it.
  Seen* at(RuleId rule, const std::string& path) {
    if (input_.excusable(rule, Excuse::Path) && input_.documented.path(path)) return nullptr;
    return &found_[rule][path];
  }

  const RuleInput& input_;
  std::map<RuleId, std::map<std::string_view, Seen>> found_;
};

}  // namespace

void persistence_rules(const RuleInput& input, Drafts& drafts) {
  Persistence(input).report(drafts);
}

}  // namespace skillaudit
