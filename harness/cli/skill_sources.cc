#include "harness/cli/skill_sources.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/skill/find_skills.h"
#include "harness/skill/front_matter.h"
#include "harness/skill/unpack.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;

bool is_file(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

std::string last_name(const fs::path& folder) {
  const fs::path path = fs::absolute(folder).lexically_normal();
  return path.has_filename() ? path.filename().string() : path.parent_path().filename().string();
}

/// An archive that has its SKILL.md at the top gives its folder no name: the skill's own is taken,
/// where it is valid, as the one who unpacks it would.
fs::path name_folder(const fs::path& folder) {
  if (!is_file(folder / "SKILL.md")) return folder;
  std::string name;
  try {
    name = parse_front_matter(read_file(folder / "SKILL.md", 1 << 20)).name;
  } catch (const Error&) {
    return folder;  // load_skill() says what is wrong with it
  }
  if (name.empty()) return folder;
  fs::rename(folder, folder.parent_path() / name);
  return folder.parent_path() / name;
}

fs::path open_archive(const fs::path& archive, std::vector<Workspace>& unpacked) {
  const Workspace& work = unpacked.emplace_back(cache_dir());
  const fs::path folder = work.path() / "unpacked" / archive_stem(archive);
  fs::create_directories(folder);
  unpack(archive, folder);
  return name_folder(folder);
}

/// From `top` down to the folder above the skill.
std::vector<fs::path> folders_between(const fs::path& top, const fs::path& skill) {
  std::vector<fs::path> folders;
  fs::path at = top;
  for (const fs::path& part : skill.lexically_relative(top)) {
    if (part == ".") break;
    folders.push_back(at);
    at /= part;
  }
  return folders;
}

/// Of two skills of one name below one folder, the path tells them apart.
void name_apart(std::vector<SkillSource>& skills, const fs::path& top) {
  std::vector<std::string> names;
  names.reserve(skills.size());
  for (const SkillSource& skill : skills) names.push_back(skill.name);
  for (SkillSource& skill : skills) {
    if (std::count(names.begin(), names.end(), skill.name) == 1) continue;
    skill.name = skill.folder.lexically_relative(top).string();
    std::replace(skill.name.begin(), skill.name.end(), '/', '-');
  }
}

}  // namespace

SkillSources open_sources(const std::vector<std::string>& given) {
  SkillSources sources;
  for (const std::string& word : given) {
    fs::path top = word;
    const bool is_archive = is_file(top) && is_archive_name(top);
    if (is_archive) {
      top = open_archive(top, sources.unpacked);
    } else if (top.filename() == "SKILL.md" && is_file(top)) {
      top = top.has_parent_path() ? top.parent_path() : fs::path(".");
    }
    std::error_code error;
    std::vector<fs::path> found;
    if (fs::is_directory(top, error)) found = find_skills(top);
    if (found.empty() && is_archive)
      fail(ErrorKind::Skill, "{} holds no SKILL.md, so it is not a skill: pack the skill's folder",
           printable(word));
    if (found.empty()) found = {top};
    std::vector<SkillSource> skills;
    skills.reserve(found.size());
    for (const fs::path& folder : found)
      skills.push_back({folder, last_name(folder), folders_between(top, folder)});
    name_apart(skills, top);
    sources.skills.insert(sources.skills.end(), skills.begin(), skills.end());
  }
  return sources;
}

}  // namespace skillaudit
