#include <algorithm>
#include <array>

#include "harness/rules/file_effects.h"

namespace skillaudit {
namespace {

/// In what a project's folder has one of.
constexpr std::array<std::string_view, 9> kMarkers = {
    "/.git",   "/.hg",      "/package.json",   "/pyproject.toml", "/Cargo.toml",
    "/go.mod", "/Makefile", "/CMakeLists.txt", "/pom.xml"};

}  // namespace

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
