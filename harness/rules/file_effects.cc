#include "harness/rules/file_effects.h"

#include <algorithm>

#include "harness/rules/file_conditions.h"

namespace skillaudit {
namespace {

/// A file about which a condition is asked.
struct Subject {
  std::string_view path;
  Place place = Place::System;
  Verb verb = Verb::Modify;
  const FileChange* change = nullptr;  ///< none: its text alone shows that it differs
};

Verb verb_of(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::Added:
      return Verb::Create;
    case ChangeKind::Modified:
      return Verb::Modify;
    case ChangeKind::Deleted:
      break;
  }
  return Verb::Delete;
}

const FileEntry& entry_of(const FileChange& change) {
  return change.kind == ChangeKind::Deleted ? change.before : change.after;
}

/// "/home/u/.claude/skills/other" for what lies in it; empty for what lies in no skill's folder.
std::string_view skill_folder_of(std::string_view path) {
  for (const std::string_view skills : {"/skills/", "/skill/"}) {
    const std::size_t at = path.find(skills);
    if (at == std::string_view::npos) continue;
    const std::size_t end = path.find('/', at + skills.size());
    return end == std::string_view::npos ? std::string_view{} : path.substr(0, end);
  }
  return {};
}

class Files {
 public:
  Files(const RuleInput& input, Found& found)
      : input_(input),
        found_(found),
        conditions_(input.rubric, [](const Condition& each) { return each.in_states; }),
        projects_(input.evidence),
        package_folders_(input),
        documented_(input.documented) {}

  void ask(const FileChange& change) {
    if (change.origin != Origin::Skill && change.origin != Origin::Package) return;
    const Subject subject{change.path(), input_.place(change), verb_of(change.kind), &change};
    const RubricRule* last = nullptr;
    for (const auto& [rule, condition] : conditions_.of(subject.place)) {
      if (rule == last || !condition->verbs.test(static_cast<std::size_t>(subject.verb))) continue;
      const bool concerns = condition->object == ObjectKind::File
                                ? is_written(*rule, *condition, change)
                                : change.origin == Origin::Skill && permission_change(change);
      if (!concerns || !is_meant(*condition, subject)) continue;
      const Coverage named = naming(*rule, subject);
      if (is_excusable(*rule, *condition) && is_free(rule->effect_class, named)) {
        found_.add_consented(*rule, subject.verb, subject.path, named);
        continue;
      }
      last = rule;
      found_.add_file(*rule, change, extent_for(rule->effect_class, named));
    }
  }

  void ask(const ConfigDiff& diff) {
    if (comes_with_package(input_, diff.path)) return;
    const Subject subject{diff.path, input_.place(diff.path), verb_of(diff.kind)};
    const RubricRule* last = nullptr;
    for (const auto& [rule, condition] : conditions_.of(subject.place)) {
      if (rule == last || rule->together || condition->object != ObjectKind::File ||
          !condition->verbs.test(static_cast<std::size_t>(subject.verb)) ||
          !is_meant(*condition, subject))
        continue;
      const Coverage named = naming(*rule, subject);
      if (is_excusable(*rule, *condition) && is_free(rule->effect_class, named)) {
        found_.add_consented(*rule, subject.verb, subject.path, named);
        continue;
      }
      last = rule;
      found_.add_text(*rule, diff, extent_for(rule->effect_class, named));
    }
  }

 private:
  /// Whether the content is another one, or the file is new or gone, by who counts.
  bool is_written(const RubricRule& rule, const Condition& condition, const FileChange& change) {
    const bool by_package = change.origin == Origin::Package;
    if (by_package && (!condition.by_packages || comes_with_package(input_, change))) return false;
    if (change.kind == ChangeKind::Modified && !change.content_changed()) return false;
    // A folder is judged by what is in it.
    if (entry_of(change).type == FileType::Directory &&
        (!rule.together || change.kind == ChangeKind::Modified || change.holds_changes))
      return false;
    return true;
  }

  bool is_meant(const Condition& condition, const Subject& subject) {
    if (condition.actor != Actor::Any && (condition.actor == Actor::Root) != takes_root(subject))
      return false;
    if (!is_meant(condition.what, subject)) return false;
    for (const Exception& exception : condition.exceptions)
      if (is_meant(exception.what, subject)) return false;
    // What package managers put where packages live is the package's.
    if (condition.object == ObjectKind::File && !condition.by_packages &&
        subject.change != nullptr && package_folders_.explain(*subject.change))
      return false;
    return true;
  }

  Coverage naming(const RubricRule& rule, const Subject& subject) {
    const bool is_folder =
        subject.change != nullptr && entry_of(*subject.change).type == FileType::Directory;
    if (rule.effect_class == EffectClass::Litter || rule.effect_class == EffectClass::Ordinary)
      return {documented_.covers(subject.path, is_folder) ? ConsentExtent::General
                                                          : ConsentExtent::None};
    return file_named(input_, rule.effect_class, subject.verb, subject.path, is_folder);
  }

  bool is_meant(const Selection& what, const Subject& subject) {
    if (what.places.any() && !what.places.test(static_cast<std::size_t>(subject.place)))
      return false;
    if (!matches_any(input_, what.names, subject.path)) return false;
    if (what.is.none() && what.is_not.none()) return true;
    for (std::size_t i = 0; i < what.is.size(); ++i) {
      if (what.is.test(i) && !has(static_cast<Trait>(i), subject)) return false;
      if (what.is_not.test(i) && has(static_cast<Trait>(i), subject)) return false;
    }
    return true;
  }

  bool has(Trait trait, const Subject& subject) {
    switch (trait) {
      case Trait::InProject:
        return projects_.holds(subject.path);
      case Trait::InNewFolder:
        return input_.folders.contains(parent_of(subject.path));
      case Trait::OfOtherSkill: {
        const std::string_view skill = skill_folder_of(subject.path);
        return !skill.empty() && find_file(input_.evidence.before.files, skill) != nullptr;
      }
      default:
        return subject.change != nullptr && permission_change(*subject.change) == trait;
    }
  }

  bool takes_root(const Subject& subject) const {
    if (subject.change != nullptr) return entry_of(*subject.change).uid == 0;
    const FileEntry* entry = find_file(input_.evidence.after.files, subject.path);
    return entry != nullptr && entry->uid == 0;
  }

  const RuleInput& input_;
  Found& found_;
  FileConditions conditions_;
  Projects projects_;
  PackageFolders package_folders_;
  DocumentedFiles documented_;
};

}  // namespace

void file_effects(const RuleInput& input, Found& found) {
  Files files(input, found);
  for (const FileChange& change : input.changes.files) files.ask(change);
  for (const ConfigDiff& diff : input.changes.config) files.ask(diff);
}

}  // namespace skillaudit
