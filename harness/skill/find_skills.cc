#include "harness/skill/find_skills.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/skill/plugin_parts.h"

namespace skillaudit {
namespace fs = std::filesystem;
namespace {

bool has_manifest(const fs::path& folder) {
  std::error_code error;
  return fs::exists(fs::symlink_status(folder / "SKILL.md", error));
}

bool is_skipped(const fs::path& folder) {
  const std::string name = folder.filename().string();
  return name == ".git" || name == "node_modules";
}

bool holds_any(const fs::path& folder, const std::vector<fs::path>& skills) {
  return std::any_of(skills.begin(), skills.end(), [&](const fs::path& skill) {
    return std::mismatch(folder.begin(), folder.end(), skill.begin(), skill.end()).first ==
           folder.end();
  });
}

}  // namespace

std::vector<fs::path> find_skills(const fs::path& folder) {
  if (has_manifest(folder)) return {folder};
  std::vector<fs::path> skills;
  std::vector<fs::path> plugins;
  if (is_plugin(folder)) plugins.push_back(folder);
  std::error_code error;
  std::size_t seen = 0;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error)) {
    std::error_code ignored;
    if (at->is_symlink(ignored) || !at->is_directory(ignored)) continue;
    if (++seen > kMostFolders)
      fail(ErrorKind::Skill, "{} has more than {} folders: give the folders of its skills",
           printable(folder.string()), kMostFolders);
    if (at.depth() >= kDeepestFolder)
      fail(ErrorKind::Skill, "{} is nested too deep: give the folders of the skills",
           printable(at->path().string()));
    if (is_skipped(at->path())) {
      at.disable_recursion_pending();
    } else if (has_manifest(at->path())) {
      skills.push_back(at->path());
      at.disable_recursion_pending();
    } else if (is_plugin(at->path())) {
      plugins.push_back(at->path());
    }
  }
  if (error)
    fail(ErrorKind::Skill, "cannot list {}: {}: make its folders readable",
         printable(folder.string()), error.message());
  // From the innermost on: a marketplace holds its plugins.
  std::sort(plugins.rbegin(), plugins.rend());
  for (const fs::path& plugin : plugins)
    if (!holds_any(plugin, skills)) skills.push_back(plugin);
  std::sort(skills.begin(), skills.end());
  return skills;
}

}  // namespace skillaudit
