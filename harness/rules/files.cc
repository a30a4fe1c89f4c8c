#include <algorithm>
#include <array>

#include "harness/rules/file_effects.h"

namespace skillaudit {
namespace {

/// In what a project's folder has one of.
constexpr std::array<std::string_view, 9> kMarkers = {
    "/.git",   "/.hg",      "/package.json",   "/pyproject.toml", "/Cargo.toml",
    "/go.mod", "/Makefile", "/CMakeLists.txt", "/pom.xml"};

/// Of a project: what its tools run by themselves, or build and install by.
constexpr std::array<std::string_view, 3> kRunByTools = {"package.json", "setup.py",
                                                         "pyproject.toml"};

/// What Git rewrites in its own folder when somebody works.
bool is_git_state(std::string_view in_git) {
  constexpr std::array<std::string_view, 6> kStates = {
      "index", "HEAD", "ORIG_HEAD", "FETCH_HEAD", "COMMIT_EDITMSG", "packed-refs"};
  return in_git.starts_with("logs/") || in_git.starts_with("refs/") ||
         std::find(kStates.begin(), kStates.end(), in_git) != kStates.end();
}

}  // namespace

OpenProject::OpenProject(const Evidence& evidence) : edited_(evidence.edited_files) {
  std::vector<std::string> all = evidence.asked_folders;
  if (!evidence.project.empty()) all.push_back(evidence.project);
  for (std::string& folder : all)
    if (find_file(evidence.before.files, folder + "/.git") != nullptr)
      folders_.push_back(std::move(folder));
}

std::string_view OpenProject::folder_of(std::string_view path) const {
  const auto found = std::find_if(folders_.begin(), folders_.end(), [&](const std::string& folder) {
    return is_below(path, folder);
  });
  return found == folders_.end() ? std::string_view() : *found;
}

bool OpenProject::allows(Verb verb, std::string_view path) const {
  const std::string_view folder = folder_of(path);
  if (folder.empty() || verb == Verb::Delete) return false;
  const std::string_view relative = path.substr(folder.size() + 1);
  if (relative.starts_with(".git/"))
    return verb == Verb::Create || is_git_state(relative.substr(5));
  const std::string_view name = base_name(path);
  if (name.starts_with(".env") ||
      std::find(kRunByTools.begin(), kRunByTools.end(), name) != kRunByTools.end())
    return false;
  return verb == Verb::Create || std::binary_search(edited_.begin(), edited_.end(), path);
}

bool Projects::holds(std::string_view path) {
  const std::string_view folder = parent_of(path);
  if (!is_below(folder, home_)) return false;
  const auto known = cache_.find(std::string(folder));
  if (known != cache_.end()) return known->second;
  const bool found = has_marker(folder) || holds(folder);
  cache_.emplace(folder, found);
  return found;
}

bool Projects::has_marker(std::string_view folder) const {
  return std::any_of(kMarkers.begin(), kMarkers.end(), [&](std::string_view marker) {
    const std::string wanted = std::string(folder) + std::string(marker);
    const auto found = std::lower_bound(
        files_.begin(), files_.end(), wanted,
        [](const FileEntry& entry, const std::string& path) { return entry.path < path; });
    return found != files_.end() && found->path == wanted;
  });
}

std::vector<std::string> project_folders(const Evidence& evidence) {
  constexpr std::size_t kMost = 100;
  const std::string& home = evidence.environment.guest_home;
  std::vector<std::string> folders;
  for (const FileEntry& entry : evidence.before.files) {
    if (!is_below(entry.path, home) || entry.path.find("/node_modules/") != std::string::npos)
      continue;
    const std::string_view folder = parent_of(entry.path);
    const bool marks =
        std::find(kMarkers.begin(), kMarkers.end(),
                  std::string_view(entry.path).substr(folder.size())) != kMarkers.end();
    if (!marks || folder == home || (!folders.empty() && folders.back() == folder)) continue;
    folders.emplace_back(folder);
    if (folders.size() == kMost) break;
  }
  return folders;
}

PackageFolders::PackageFolders(const RuleInput& input) {
  for (const NewPackage& each : input.packages) {
    const std::string& folder = each.package.location;
    if (folder.empty()) continue;
    folders_.insert(folder);
    const std::size_t lib = folder.rfind("/lib/");
    if (lib != std::string::npos) programs_.insert(folder.substr(0, lib) + "/bin");
  }
}

bool PackageFolders::explain(const FileChange& change) const {
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

bool DocumentedFiles::covers(std::string_view path, bool is_folder) {
  if (is_folder) return documented_.path(path, true);
  if (const std::string_view folder = parent_of(path); folder != folder_) {
    folder_ = folder;
    covers_folder_ = documented_.path(folder);
  }
  return covers_folder_ || documented_.names(path);
}

}  // namespace skillaudit
