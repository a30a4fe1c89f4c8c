#include "harness/rules/file_effects.h"

#include <algorithm>
#include <array>

#include "harness/agents/known_agents.h"
#include "harness/rules/file_conditions.h"
#include "harness/rules/package_lists.h"
#include "harness/rules/program_setting.h"

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

/// Where the shell looks for a program, of which packages of the system fill the last six.
constexpr std::array<std::string_view, 11> kPathFolders = {
    "~/.local/bin", "~/bin", "~/.cargo/bin", "/usr/local/sbin", "/usr/local/bin", "/usr/sbin",
    "/usr/bin",     "/sbin", "/bin",         "/usr/games",      "/snap/bin"};

/// Programs that people call by name and that this machine need not have: what stands in their
/// place in PATH is reached by that name on the next one.
constexpr std::array<std::string_view, 60> kCommonPrograms = {
    "7z",    "ansible",   "apt",     "aws",      "az",     "bash",    "brew", "bun",    "cargo",
    "cat",   "cmake",     "code",    "composer", "conda",  "curl",    "deno", "docker", "dotnet",
    "emacs", "find",      "flatpak", "gcc",      "gcloud", "gh",      "git",  "glab",   "go",
    "gpg",   "grep",      "helm",    "java",     "jq",     "kubectl", "less", "ls",     "make",
    "mysql", "node",      "npm",     "npx",      "nvim",   "pass",    "perl", "php",    "pip",
    "pip3",  "pnpm",      "podman",  "psql",     "python", "python3", "ruby", "ssh",    "su",
    "sudo",  "terraform", "tmux",    "vim",      "yarn",   "zsh"};

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

/// Whether a shell reads it when somebody types a program's name and asks for the rest.
bool is_completion(std::string_view path) {
  return path.find("completions/") != std::string_view::npos ||
         path.find("/vendor_completions.d/") != std::string_view::npos ||
         path.find("/site-functions/") != std::string_view::npos ||
         path.find("/.zfunc/") != std::string_view::npos;
}

/// "git" of "_git", "git.bash" and "git.fish".
std::string_view completed_by(std::string_view path) {
  std::string_view name = base_name(path);
  if (name.starts_with('_')) name.remove_prefix(1);
  for (const std::string_view ending : {".bash", ".fish", ".zsh"})
    if (name.ends_with(ending)) name.remove_suffix(ending.size());
  return name;
}

class Files {
 public:
  Files(const RuleInput& input, Found& found)
      : input_(input),
        found_(found),
        conditions_(input.rubric, [](const Condition& each) { return each.in_states; }),
        projects_(input.evidence),
        open_project_(input.evidence),
        package_folders_(input),
        documented_(input.documented) {}

  void ask(const FileChange& change) {
    if (change.origin != Origin::Skill && change.origin != Origin::Package) return;
    const Subject subject{change.path(), input_.place(change), verb_of(change.kind), &change};
    const bool by_settings = is_judged_by_settings(change);
    const RubricRule* last = nullptr;
    for (const auto& [rule, condition] : conditions_.of(subject.place)) {
      if (rule == last || !condition->verbs.test(static_cast<std::size_t>(subject.verb))) continue;
      const bool concerns = condition->object == ObjectKind::File
                                ? !by_settings && is_written(*rule, *condition, change)
                                : change.origin == Origin::Skill && permission_change(change);
      if (!concerns || !is_meant(*condition, subject)) continue;
      const auto extent = hold(*rule, *condition, subject);
      if (!extent) continue;
      last = rule;
      found_.add_file(*rule, change, *extent);
    }
  }

  void ask(const ConfigDiff& diff) {
    if (comes_with_package(input_, diff.path) || !program_set_by(diff.path).empty()) return;
    const Subject subject{diff.path, input_.place(diff.path), verb_of(diff.kind)};
    const RubricRule* last = nullptr;
    for (const auto& [rule, condition] : conditions_.of(subject.place)) {
      if (rule == last || rule->together || condition->object != ObjectKind::File ||
          !condition->verbs.test(static_cast<std::size_t>(subject.verb)) ||
          !is_meant(*condition, subject))
        continue;
      const auto extent = hold(*rule, *condition, subject);
      if (!extent) continue;
      last = rule;
      found_.add_text(*rule, diff, *extent);
    }
  }

 private:
  /// Whether the settings in it tell what was done to it: see setting_effects(). The witness keeps
  /// a text up to a size.
  bool is_judged_by_settings(const FileChange& change) const {
    constexpr std::size_t kMostKept = 1U << 18;
    if (program_set_by(change.path()).empty()) return false;
    const std::vector<ConfigText>& texts = input_.evidence.after.config;
    return std::any_of(texts.begin(), texts.end(), [&](const ConfigText& text) {
      return text.path == change.path() && text.content.size() < kMostKept;
    });
  }

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

  std::optional<ConsentExtent> hold(const RubricRule& rule, const Condition& condition,
                                    const Subject& subject) {
    return found_.hold(rule, condition, subject.verb, subject.path, naming(rule, subject));
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
        return projects_.holds(subject.path) || !open_project_.folder_of(subject.path).empty();
      case Trait::InOpenProject:
        return open_project_.allows(subject.verb, subject.path);
      case Trait::InNewFolder:
        return is_in_new_folder(subject);
      case Trait::Shadows:
        return shadows(subject.path);
      case Trait::Configures: {
        const KnownPlace* place = known_place(subject.path, input_.evidence.environment.guest_home);
        return place != nullptr && place->has(kConfigures);
      }
      case Trait::OfOtherSkill: {
        const std::string_view skill = skill_folder_of(subject.path);
        return !skill.empty() && find_file(input_.evidence.before.files, skill) != nullptr;
      }
      case Trait::ListsPackages:
        return base_name(subject.path) == "package.json" && lists_packages(subject.path);
      case Trait::ExposesSecret:
        return subject.change != nullptr && exposes_secret(input_, *subject.change);
      default:
        return subject.change != nullptr && permission_change(*subject.change) == trait;
    }
  }

  bool lists_packages(std::string_view path) const {
    const auto text_in = [&](const Snapshot& state) -> const std::string* {
      const auto found = std::find_if(state.config.begin(), state.config.end(),
                                      [&](const ConfigText& each) { return each.path == path; });
      return found == state.config.end() ? nullptr : &found->content;
    };
    const std::string* before = text_in(input_.evidence.before);
    const std::string* after = text_in(input_.evidence.after);
    return before != nullptr && after != nullptr &&
           differ_in_packages(*before, *after, [&](const std::string& package) {
             return package_named(input_, package).extent == ConsentExtent::Exactly;
           });
  }

  /// Of a place that may be in any folder, that folder counts: ".cursor" of an old project is none.
  bool is_in_new_folder(const Subject& subject) const {
    std::string_view outermost;
    for (std::string_view at = parent_of(subject.path); input_.folders.contains(at);
         at = parent_of(at))
      outermost = at;
    return !outermost.empty() && !base_name(outermost).starts_with('.') &&
           input_.place(std::string(outermost) + "/-") != subject.place;
  }

  /// Whether the path is one of those by which a program of that name is found, or completed.
  bool shadows(std::string_view path) const {
    const bool completes = is_completion(path);
    const std::string_view name = completes ? completed_by(path) : base_name(path);
    if (std::binary_search(kCommonPrograms.begin(), kCommonPrograms.end(), name)) return true;
    for (const KnownAgent& agent : kKnownAgents)
      if (name == agent.name) return true;
    return std::any_of(kPathFolders.begin(), kPathFolders.end(), [&](std::string_view folder) {
      const std::string home(folder.starts_with('~') ? input_.evidence.environment.guest_home : "");
      if (!home.empty()) folder.remove_prefix(1);
      const std::string other = home + std::string(folder) + "/" + std::string(name);
      // A skill that installs a program may complete its name.
      const Snapshot& state =
          completes && !home.empty() ? input_.evidence.before : input_.evidence.after;
      return other != path && find_file(state.files, other) != nullptr;
    });
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
  OpenProject open_project_;
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
