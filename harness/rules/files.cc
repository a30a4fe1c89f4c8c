#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

#include "harness/rules/rules.h"

namespace skillaudit {
namespace {

/// Whether files lie in a folder that somebody works on as a project: version control or a
/// project's manifest stands in it or above it, below the home.
class Projects {
 public:
  explicit Projects(const Evidence& evidence)
      : files_(evidence.before.files), home_(evidence.environment.guest_home) {}

  bool holds(std::string_view path) {
    const std::string_view folder = parent_of(path);
    if (!is_below(folder, home_)) return false;
    const auto known = cache_.find(std::string(folder));
    if (known != cache_.end()) return known->second;
    const bool found = has_marker(folder) || holds(folder);
    cache_.emplace(folder, found);
    return found;
  }

 private:
  [[nodiscard]] bool has_marker(std::string_view folder) const {
    static constexpr std::array<std::string_view, 9> kMarkers = {
        "/.git",   "/.hg",      "/package.json",   "/pyproject.toml", "/Cargo.toml",
        "/go.mod", "/Makefile", "/CMakeLists.txt", "/pom.xml"};
    return std::any_of(kMarkers.begin(), kMarkers.end(), [&](std::string_view marker) {
      const std::string wanted = std::string(folder) + std::string(marker);
      const auto found = std::lower_bound(
          files_.begin(), files_.end(), wanted,
          [](const FileEntry& entry, const std::string& path) { return entry.path < path; });
      return found != files_.end() && found->path == wanted;
    });
  }

  const std::vector<FileEntry>& files_;
  const std::string& home_;
  std::unordered_map<std::string, bool> cache_;
};

/// Files that pip and npm put where their newly installed packages live. What Python executes by
/// itself at every start is never explained by that (site(3): *.pth, sitecustomize, usercustomize).
class PackageFolders {
 public:
  explicit PackageFolders(const RuleInput& input) {
    for (const NewPackage& each : input.packages) {
      const std::string& folder = each.package.location;
      if (folder.empty()) continue;
      folders_.insert(folder);
      const std::size_t lib = folder.rfind("/lib/");
      if (lib != std::string::npos) programs_.insert(folder.substr(0, lib) + "/bin");
    }
  }

  [[nodiscard]] bool explain(const FileChange& change) const {
    if (folders_.empty() || change.kind == ChangeKind::Deleted) return false;
    const std::string_view path = change.path();
    const std::string_view name = base_name(path);
    if (name.ends_with(".pth") || name == "sitecustomize.py" || name == "usercustomize.py") {
      return false;
    }
    for (std::string_view folder = path; folder.size() > 1; folder = parent_of(folder)) {
      if (folders_.contains(std::string(folder))) return true;
    }
    if (change.kind != ChangeKind::Added) return false;
    if (change.after.type == FileType::Directory) {
      // ~/.local and ~/.local/lib, created on the way.
      const auto above = folders_.lower_bound(std::string(path) + "/");
      return above != folders_.end() && is_below(*above, path);
    }
    return programs_.contains(std::string(parent_of(path)));
  }

 private:
  std::set<std::string> folders_;
  std::set<std::string> programs_;
};

/// Documented::path() for many files of one folder after each other.
class DocumentedFiles {
 public:
  explicit DocumentedFiles(const Documented& documented) : documented_(documented) {}

  bool covers(std::string_view path, bool is_folder) {
    if (is_folder) return documented_.path(path, true);
    if (const std::string_view folder = parent_of(path); folder != folder_) {
      folder_ = folder;
      covers_folder_ = documented_.path(folder);
    }
    return covers_folder_ || documented_.names(path);
  }

 private:
  const Documented& documented_;
  std::string_view folder_;  ///< of the last path, which outlives this
  bool covers_folder_ = false;
};

/// Folders that tools keep within a project for their own use.
bool is_project_local(std::string_view path) {
  for (const std::string_view part : {"/node_modules/", "/.venv/", "/venv/", "/__pycache__/"}) {
    if (path.find(part) != std::string_view::npos) return true;
  }
  return path.ends_with("/node_modules") || path.ends_with("/.venv") || path.ends_with("/venv") ||
         path.ends_with("/__pycache__");
}

/// The rule for an added, modified or deleted file, by its place: the rows "created", "modified"
/// and "deleted" of the severity table. None: costs nothing, or another rule judges it.
std::optional<RuleId> rule_for(const FileChange& change, Place place, Projects& projects) {
  const ChangeKind kind = change.kind;
  const bool added = kind == ChangeKind::Added;
  const bool deleted = kind == ChangeKind::Deleted;
  switch (place) {
    case Place::Temp:
      return added ? std::optional(RuleId::FilesTempLeft) : std::nullopt;
    case Place::SkillFolder:
      if (is_project_local(change.path())) return std::nullopt;
      return added ? RuleId::FilesLeftInSkillFolder : RuleId::FilesSkillChangedItself;
    case Place::UserConfig:
      if (deleted) return RuleId::FilesUserDeleted;
      return added ? RuleId::FilesLeftInHome : RuleId::FilesUserConfigModified;
    case Place::UserSecret:
      if (deleted) return RuleId::FilesImportantDeleted;
      return added ? RuleId::FilesLeftInHome : RuleId::FilesUserConfigModified;
    case Place::UserData: {
      if (added) return RuleId::FilesLeftInHome;
      const bool in_project = projects.holds(change.path());
      if (deleted) return in_project ? RuleId::FilesProjectDeleted : RuleId::FilesUserDeleted;
      return in_project ? RuleId::FilesProjectModified : RuleId::FilesUserDataOverwritten;
    }
    case Place::Program:
      return added ? RuleId::FilesSystemCreated : RuleId::FilesProgramChanged;
    case Place::System:
      if (deleted) return RuleId::FilesImportantDeleted;
      return added ? RuleId::FilesSystemCreated : RuleId::FilesSystemModified;
    case Place::SecuritySettings:
      return RuleId::FilesSecuritySettings;
    case Place::Log:
      return added ? std::optional(RuleId::FilesSystemCreated) : std::nullopt;
    case Place::Cache:
      return std::nullopt;
    default:
      // persistence.cc, services.cc, accounts.cc, git.cc, agents.cc
      return std::nullopt;
  }
}

}  // namespace

void file_rules(const RuleInput& input, Drafts& drafts) {
  Projects projects(input.evidence);
  DocumentedFiles documented(input.documented);
  const PackageFolders package_folders(input);
  std::map<RuleId, std::vector<const FileChange*>> found;
  for (const FileChange& change : input.changes.files) {
    if (change.origin != Origin::Skill) continue;
    if (change.kind == ChangeKind::Modified && !change.content_changed()) continue;
    const FileEntry& entry = change.kind == ChangeKind::Deleted ? change.before : change.after;
    const bool is_folder = entry.type == FileType::Directory;
    // A folder is judged by what is in it.
    if (is_folder && (change.kind == ChangeKind::Modified || change.holds_changes)) {
      continue;
    }
    const Place place = input.place(change);
    // ~/.bash_history and its like are written by shells that people leave; clearing them is for
    // the tampering rules.
    if (place == Place::Log && !change.path().starts_with("/var/log/")) continue;
    const auto rule = rule_for(change, place, projects);
    if (!rule) continue;
    if (package_folders.explain(change)) continue;
    if (input.excusable(*rule, Excuse::Path) && documented.covers(change.path(), is_folder)) {
      continue;
    }
    found[*rule].push_back(&change);
  }
  for (const auto& [rule, files] : found) add_files(input, drafts, rule, files);
}

}  // namespace skillaudit
