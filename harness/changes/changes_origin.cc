#include "harness/changes/changes_origin.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "harness/changes/agent_effects.h"
#include "harness/changes/generators.h"
#include "harness/changes/noise.h"
#include "harness/changes/package_scripts.h"
#include "harness/changes/process_tree.h"

namespace skillaudit {
namespace {

using Owners = std::unordered_map<std::string, std::string>;  ///< path to package
using Paths = std::unordered_set<std::string>;

bool is_below(std::string_view path, std::string_view folder) {
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

std::string_view parent_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
}

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

/// Where Debian's packages put no files (Policy 9.1.2 and the FHS): a file list that claims one was
/// tampered with, or is no reason to look away.
bool dpkg_may_own(std::string_view path) {
  static constexpr std::string_view kOthers[] = {
      "/home", "/root", "/tmp", "/var/tmp", "/usr/local", "/srv", "/media", "/mnt", "/var/log"};
  return std::none_of(std::begin(kOthers), std::end(kOthers),
                      [&](std::string_view folder) { return is_below(path, folder); });
}

/// A Python or npm package lists what it likes; only its own folder and the programs beside it are
/// taken from it: PREFIX/lib/…/site-packages or PREFIX/lib/node_modules, and PREFIX/bin.
bool location_may_own(std::string_view location, std::string_view path) {
  if (is_below(path, location)) return true;
  const std::size_t lib = location.rfind("/lib/");
  if (lib == std::string_view::npos) return false;
  return parent_of(path) == std::string(location.substr(0, lib)) + "/bin";
}

/// With merged /usr, dpkg lists /lib/x where the walk finds /usr/lib/x.
class MergedUsr {
 public:
  explicit MergedUsr(const std::vector<FileEntry>& files) {
    for (const std::string_view name : {"/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"}) {
      const auto it = std::lower_bound(
          files.begin(), files.end(), name,
          [](const FileEntry& file, std::string_view path) { return file.path < path; });
      const bool merged = it != files.end() && it->path == name && it->type == FileType::Symlink &&
                          it->link_target == "usr" + std::string(name);
      if (merged) names_.push_back(name);
    }
  }
  [[nodiscard]] std::string resolve(std::string_view path) const {
    for (const auto name : names_) {
      if (is_below(path, name)) return "/usr" + std::string(path);
    }
    return std::string(path);
  }

 private:
  std::vector<std::string_view> names_;
};

bool is_asked_by(const Evidence& evidence, std::string_view agent) {
  return std::any_of(evidence.flows.begin(), evidence.flows.end(),
                     [&](const Flow& flow) { return flow.user_agent.starts_with(agent); });
}

ManagerActivity activity_of(const Evidence& evidence,
                            const std::vector<RowChange<Package>>& packages) {
  const auto changed = [&](std::string_view manager) {
    return std::any_of(packages.begin(), packages.end(), [&](const RowChange<Package>& change) {
      return (change.kind == ChangeKind::Deleted ? change.before : change.after).manager == manager;
    });
  };
  ManagerActivity activity;
  activity.dpkg = changed("dpkg");
  activity.apt = activity.dpkg || is_asked_by(evidence, "Debian APT");
  activity.pip = changed("pip") || is_asked_by(evidence, "pip/");
  activity.npm = changed("npm") || is_asked_by(evidence, "npm/");
  return activity;
}

/// The skill's file as the audit installed it. Where the content was not hashed, size decides.
bool is_as_installed(const FileChange& change, const SkillFile& file) {
  if (change.after.type == FileType::Symlink) return change.after.link_target == file.link_target;
  if (change.after.type != FileType::Regular || !file.link_target.empty()) return false;
  const std::uint32_t mode = file.mode & 07777;
  if (mode != 0 && change.after.mode != mode) return false;
  if (change.after.size != file.size) return false;
  return change.sha256.empty() || file.sha256.empty() || change.sha256 == file.sha256;
}

/// `target` as seen from the folder of the link at `path`.
std::string resolve_link(std::string_view path, const std::string& target) {
  if (target.starts_with('/')) return target;
  return (std::filesystem::path(parent_of(path)) / target).lexically_normal().string();
}

/// Where maintainer scripts link to what their package brings: units switched on, init scripts.
bool is_link_place(std::string_view path) {
  return matches_pattern("/etc/systemd/system/*.wants/*", path) ||
         matches_pattern("/etc/systemd/user/*.wants/*", path) ||
         matches_pattern("/etc/rc*.d/*", path);
}

}  // namespace

struct OriginJudge::Facts {
  explicit Facts(const Evidence& e) : evidence(e), merged_usr(e.after.files), agent(e) {}

  const Evidence& evidence;
  MergedUsr merged_usr;
  AgentEffects agent;
  ManagerActivity activity;
  Owners owners;
  Paths installed;  ///< packages that were not there before
  std::optional<ProcessTree> processes;
  std::optional<Generators> generators;   ///< where there is a trace
  std::optional<PackageScripts> scripts;  ///< where packages changed and there is a trace
  Paths upgraded;                         ///< packages that were there before in another version
  Paths parents_of_owned;                 ///< folders that hold a file of a new pip or npm package
  std::unordered_set<std::string_view> control;
  std::unordered_map<std::string_view, const SkillFile*> skill_files;
  Paths skill_folders;  ///< relative to the skill's folder

  void add_packages();
  void add_skill();
  [[nodiscard]] const std::string* owner(const std::string& path) const;
  [[nodiscard]] const std::string* package_behind(const FileChange& change) const;
  [[nodiscard]] bool in_skill_folder(const FileChange& change) const;
  [[nodiscard]] bool in_control(const FileChange& change) const;
  [[nodiscard]] bool of_manager(const FileChange& change) const;
  [[nodiscard]] const std::string* behind_alternative(const FileChange& change) const;
  [[nodiscard]] bool is_left_by_alternative(const FileChange& change) const;
  [[nodiscard]] bool is_there(std::string_view path) const {
    return find_file(evidence.after.files, path) != nullptr;
  }
};

void OriginJudge::Facts::add_packages() {
  const auto locations = [&](const PackageFiles& files) {
    std::vector<std::string_view> found;
    for (const auto& package : evidence.after.packages) {
      if (package.manager == files.manager && package.name == files.package) {
        found.push_back(package.location);
      }
    }
    return found;
  };
  for (const auto& files : evidence.package_files) {
    const bool dpkg = files.manager == "dpkg";
    const auto places = dpkg ? std::vector<std::string_view>{} : locations(files);
    for (const auto& path : files.paths) {
      const bool may = dpkg
                           ? dpkg_may_own(path)
                           : std::any_of(places.begin(), places.end(), [&](std::string_view place) {
                               return !place.empty() && location_may_own(place, path);
                             });
      if (!may) continue;
      owners.try_emplace(dpkg ? merged_usr.resolve(path) : path, files.package);
      if (dpkg) continue;
      for (auto folder = parent_of(path); folder.size() > 1; folder = parent_of(folder)) {
        if (!parents_of_owned.emplace(folder).second) break;
      }
    }
  }
}

void OriginJudge::Facts::add_skill() {
  for (const auto& file : evidence.skill.files) {
    skill_files.emplace(file.path, &file);
    for (auto folder = parent_of(file.path); !folder.empty(); folder = parent_of(folder)) {
      if (!skill_folders.emplace(folder).second) break;
    }
  }
}

const std::string* OriginJudge::Facts::owner(const std::string& path) const {
  const auto it = owners.find(path);
  return it == owners.end() ? nullptr : &it->second;
}

/// The package of the program that a name stands for now (update-alternatives(1)). What a record of
/// the alternatives system says is no proof: whoever changes the link can write the record.
const std::string* OriginJudge::Facts::behind_alternative(const FileChange& change) const {
  if (!activity.dpkg || parent_of(change.path()) != "/etc/alternatives") return nullptr;
  if (change.kind == ChangeKind::Deleted || change.after.type != FileType::Symlink) return nullptr;
  return owner(merged_usr.resolve(change.after.link_target));
}

/// A package went, and the names that stood for its programs go, too, or stand for what is left.
bool OriginJudge::Facts::is_left_by_alternative(const FileChange& change) const {
  if (!activity.dpkg || parent_of(change.path()) != "/etc/alternatives" ||
      change.kind == ChangeKind::Added || change.before.type != FileType::Symlink ||
      is_there(merged_usr.resolve(change.before.link_target)))
    return false;
  if (change.kind == ChangeKind::Deleted) return true;
  const std::string target = merged_usr.resolve(change.after.link_target);
  return change.after.type == FileType::Symlink && is_below(target, "/usr") &&
         !is_below(target, "/usr/local") && find_file(evidence.before.files, target) != nullptr &&
         is_there(target);
}

/// A new package brings new files. What it finds in place it may replace only where an older
/// version of it was in place too: each list names /etc and /usr/bin, and a forged one any file.
const std::string* OriginJudge::Facts::package_behind(const FileChange& change) const {
  if (change.kind == ChangeKind::Deleted) return nullptr;
  if (const std::string* package = behind_alternative(change)) return package;
  const std::string& path = change.path();
  const std::string* package = owner(path);
  const std::string_view folder = parent_of(path);
  if (!package && base_name(folder) == "__pycache__" && path.ends_with(".pyc")) {
    // "…/__pycache__/x.cpython-311.pyc" belongs with "…/x.py".
    const std::string_view stem = base_name(path).substr(0, base_name(path).find('.'));
    package = owner(std::string(parent_of(folder)) + "/" + std::string(stem) + ".py");
  }
  if (!package || change.kind == ChangeKind::Added) return package;
  const bool may_replace = change.after.type != FileType::Directory && upgraded.contains(*package);
  return may_replace ? package : nullptr;
}

bool OriginJudge::Facts::in_skill_folder(const FileChange& change) const {
  const std::string& top = evidence.environment.skill_dir;
  if (change.kind != ChangeKind::Added || top.empty()) return false;
  const std::string& path = change.path();
  const bool folder = change.after.type == FileType::Directory;
  if (path == top || is_below(top, path)) return folder;
  if (!is_below(path, top)) return false;
  const std::string relative = path.substr(top.size() + 1);
  if (folder) return skill_folders.contains(relative) || skill_files.contains(relative);
  const auto it = skill_files.find(relative);
  return it != skill_files.end() && is_as_installed(change, *it->second);
}

/// A log that goes while a skill runs is not excused by a control in which it was written to.
bool OriginJudge::Facts::in_control(const FileChange& change) const {
  if (!control.contains(change.path())) return false;
  if (change.kind == ChangeKind::Deleted) return !is_below(change.path(), "/var/log");
  constexpr std::uint32_t kSetIds = 06000;
  return change.after.type == FileType::Directory || (change.after.mode & kSetIds) == 0;
}

bool OriginJudge::Facts::of_manager(const FileChange& change) const {
  if (is_manager_noise(change, activity) || is_left_by_alternative(change)) return true;
  const std::string& path = change.path();
  const bool added_folder =
      change.kind == ChangeKind::Added && change.after.type == FileType::Directory;
  if (added_folder) {
    return parents_of_owned.contains(path) ||
           (base_name(path) == "__pycache__" && owner(std::string(parent_of(path))));
  }
  if (change.kind != ChangeKind::Added || change.after.type != FileType::Symlink) return false;
  const std::string& target = change.after.link_target;
  // A link of the alternatives system leads through /etc/alternatives; behind_alternative() has
  // that one.
  if (activity.dpkg && is_below(path, "/usr") && !is_below(path, "/usr/local") &&
      parent_of(target) == "/etc/alternatives") {
    return true;
  }
  return is_link_place(path) && owner(merged_usr.resolve(resolve_link(path, target)));
}

OriginJudge::OriginJudge(const Evidence& evidence,
                         const std::vector<RowChange<Package>>& packages) {
  auto facts = std::make_unique<Facts>(evidence);
  facts->activity = activity_of(evidence, packages);
  facts->control.insert(evidence.control.begin(), evidence.control.end());
  for (const auto& change : packages) {
    if (change.kind == ChangeKind::Modified) facts->upgraded.insert(change.after.name);
    if (change.kind == ChangeKind::Added) facts->installed.insert(change.after.name);
  }
  if (evidence.trace.collected) {
    facts->processes.emplace(evidence);
    facts->generators.emplace(evidence, *facts->processes);
    if (facts->activity.dpkg) facts->scripts.emplace(evidence, *facts->processes);
  }
  facts->add_packages();
  facts->add_skill();
  facts_ = std::move(facts);
}

OriginJudge::~OriginJudge() = default;

void OriginJudge::judge(FileChange& change) const {
  if (facts_->in_skill_folder(change)) {
    change.origin = Origin::SkillFolder;
    return;
  }
  if (const std::string* package = facts_->package_behind(change)) {
    change.origin = Origin::Package;
    change.package = *package;
  } else if (facts_->of_manager(change)) {
    change.origin = Origin::PackageManager;
  } else if (is_system_noise(change) || facts_->in_control(change) ||
             (facts_->generators && facts_->generators->made(change))) {
    change.origin = Origin::System;
  } else if (facts_->agent.owns(change)) {
    change.origin = Origin::Agent;
  } else if (const std::string* by = facts_->scripts ? facts_->scripts->behind(change) : nullptr) {
    // A trigger of a package that was there before is the package manager's work.
    const bool is_new = facts_->installed.contains(*by);
    change.origin = is_new ? Origin::Package : Origin::PackageManager;
    if (is_new) change.package = *by;
  }
}

bool OriginJudge::is_by_packages_alone(std::string_view path) const {
  return facts_->scripts && facts_->scripts->alone_wrote(path);
}

void OriginJudge::settle(std::vector<FileChange>& changes) const { facts_->agent.limit(changes); }

}  // namespace skillaudit
