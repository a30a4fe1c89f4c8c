#include "harness/cli/skill_sources.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <map>

#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/cli/installed_skills.h"
#include "harness/skill/find_skills.h"
#include "harness/skill/front_matter.h"
#include "harness/skill/git_clone.h"
#include "harness/skill/load.h"
#include "harness/skill/unpack.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using Say = std::function<void(const std::string&)>;
using Skills = std::vector<SkillSource>;

bool is_file(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

std::string last_name(const fs::path& folder) {
  const fs::path path = fs::absolute(folder).lexically_normal();
  return path.has_filename() ? path.filename().string() : path.parent_path().filename().string();
}

/// An archive or repository that has its SKILL.md at the top gives its folder no name: the skill's
/// own is taken, where it is valid, as the one who installs it would.
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
void name_apart(Skills& skills, const fs::path& top) {
  std::vector<std::string> names;
  names.reserve(skills.size());
  for (const SkillSource& skill : skills) names.push_back(skill.name);
  for (SkillSource& skill : skills) {
    if (std::count(names.begin(), names.end(), skill.name) == 1) continue;
    skill.name = skill.folder.lexically_relative(top).string();
    std::replace(skill.name.begin(), skill.name.end(), '/', '-');
  }
}

/// Those in `top`, or it itself where it holds none.
Skills skills_in(const fs::path& top) {
  std::error_code error;
  std::vector<fs::path> found;
  if (fs::is_directory(top, error)) found = find_skills(top);
  if (found.empty()) found = {top};
  Skills skills;
  skills.reserve(found.size());
  for (const fs::path& folder : found)
    skills.push_back({.folder = folder,
                      .name = last_name(folder),
                      .plugins = folders_between(top, folder),
                      .from = printable(folder.string())});
  name_apart(skills, top);
  return skills;
}

[[noreturn]] void fail_without_skill(const std::string& shown, const char* fix) {
  fail(ErrorKind::Skill, "{} holds no SKILL.md, so it is not a skill: {}", shown, fix);
}

bool holds_skill(const fs::path& top) {
  std::error_code error;
  return fs::is_directory(top, error) && !find_skills(top).empty();
}

Skills open_archive(const fs::path& archive, std::vector<Workspace>& unpacked) {
  const Workspace& work = unpacked.emplace_back(cache_dir());
  const fs::path folder = work.path() / "unpacked" / archive_stem(archive);
  fs::create_directories(folder);
  unpack(archive, folder);
  const fs::path top = name_folder(folder);
  const std::string shown = printable(archive.string());
  if (!holds_skill(top)) fail_without_skill(shown, "pack the skill's folder");
  Skills skills = skills_in(top);
  for (SkillSource& skill : skills) {
    const std::string below = skill.folder.lexically_relative(top).string();
    skill.from = shown + (below == "." ? "" : ": " + printable(below));
  }
  return skills;
}

Skills open_repository(const GitAddress& address, std::vector<Workspace>& unpacked,
                       const Say& say) {
  const Workspace& work = unpacked.emplace_back(cache_dir());
  say("Cloning " + address.shown + " …");
  const GitClone clone = clone_repository(address, work.path());
  const fs::path given = address.path.empty() ? clone.folder : clone.folder / address.path;
  const std::string shown =
      address.shown + (address.path.empty() ? "" : ", " + printable(address.path));
  if (!holds_skill(given))
    fail_without_skill(shown, "give a repository or a folder of one that does, as URL#REF:FOLDER");
  const fs::path top = name_folder(given);
  Skills skills = skills_in(top);
  for (SkillSource& skill : skills) {
    const std::string below = skill.folder.lexically_relative(top).string();
    std::string path = (fs::path(address.path) / below).lexically_normal().string();
    if (path.ends_with('/')) path.pop_back();
    skill.git = {address.shown, address.ref, clone.commit, path == "." ? "" : path};
    skill.from = fmt::format("{} at {}{}", address.shown, clone.commit.substr(0, 12),
                             skill.git->path.empty() ? "" : ": " + printable(skill.git->path));
  }
  say(fmt::format("{} at commit {}: {}", address.shown, clone.commit,
                  count_of(skills.size(), "skill")));
  return skills;
}

Skills open_one(const std::string& word, const std::string& ref, std::vector<Workspace>& unpacked,
                const Say& say) {
  fs::path top = word;
  std::error_code error;
  if (!fs::exists(fs::symlink_status(top, error)))
    if (const auto address = git_address(word, ref))
      return open_repository(*address, unpacked, say);
  if (is_file(top) && is_archive_name(top)) return open_archive(top, unpacked);
  if (top.filename() == "SKILL.md" && is_file(top))
    top = top.has_parent_path() ? top.parent_path() : fs::path(".");
  return skills_in(top);
}

/// Digest of its files; empty where it cannot be read, which its audit says.
std::string content_of(const fs::path& skill) {
  try {
    return load_skill(skill).sha256;
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Interrupted) throw;
    return {};
  }
}

/// A name that no other has: with the agent's behind it where two agents have different skills of
/// one name, and a number where that is not enough.
std::string name_among(const Skills& others, const std::string& name, const std::string& agent) {
  const auto taken = [&](const std::string& one) {
    return std::any_of(others.begin(), others.end(),
                       [&](const SkillSource& other) { return other.name == one; });
  };
  if (!taken(name)) return name;
  const std::string with_agent = agent.empty() ? name : name + "-" + agent;
  if (!taken(with_agent)) return with_agent;
  for (int number = 2;; ++number)
    if (std::string one = fmt::format("{}-{}", with_agent, number); !taken(one)) return one;
}

/// Adds what the user's agents have installed, each content once.
void open_installed(Skills& skills, const Say& say) {
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home == '\0')
    fail(ErrorKind::Environment, "HOME is not set, so there is no place to look in: set it");
  std::map<std::string, std::string> first;  // by content: where it was found before
  std::size_t found = 0;
  for (const InstalledPlace& place : installed_places(home, fs::current_path())) {
    std::size_t count = 0;
    std::vector<std::string> same;
    for (const fs::path& entry : place.entries)
      for (SkillSource& skill : skills_in(entry)) {
        if (!holds_skill(skill.folder)) continue;  // a folder of the agent's own
        ++count;
        const std::string digest = content_of(skill.folder);
        const auto [known, is_new] =
            first.try_emplace(digest.empty() ? skill.folder.string() : digest, skill.from);
        if (!is_new) {
          same.push_back(fmt::format("{} is the same as {}", printable(skill.name), known->second));
          continue;
        }
        skill.name = name_among(skills, skill.name, place.agent);
        skills.push_back(std::move(skill));
      }
    found += count;
    say(fmt::format("{}: {}{}", printable(place.folder.string()), count_of(count, "skill"),
                    same.empty() ? "" : "; " + join(same, "; ")));
  }
  if (found == 0)
    fail(ErrorKind::Skill,
         "no agent of this user has a skill installed: give the folder of one, or set HOME to "
         "another user's");
}

}  // namespace

SkillSources open_sources(const SourceOptions& options, const Say& say) {
  if (options.skills.empty() && !options.installed)
    fail(ErrorKind::Usage,
         "no SKILL is given: give a folder, an archive or the address of a Git repository, or "
         "--installed");
  const bool any_address =
      std::any_of(options.skills.begin(), options.skills.end(),
                  [](const std::string& word) { return git_address(word).has_value(); });
  if (!options.ref.empty() && !any_address)
    fail(ErrorKind::Usage, "--ref is for the address of a Git repository, and none is given");
  SkillSources sources;
  for (const std::string& word : options.skills) {
    try {
      Skills skills = open_one(word, options.ref, sources.unpacked, say);
      std::move(skills.begin(), skills.end(), std::back_inserter(sources.skills));
    } catch (const Error& error) {
      const bool others = options.skills.size() > 1 || options.installed;
      if (!others || error.kind() == ErrorKind::Usage || error.kind() == ErrorKind::Interrupted)
        throw;
      const auto address = git_address(word, options.ref);
      sources.skills.push_back({.name = address ? address->name : last_name(word),
                                .problem = error,
                                .from = address ? address->shown : printable(word)});
    }
  }
  if (options.installed) open_installed(sources.skills, say);
  return sources;
}

std::string list_of(const SkillSources& sources) {
  std::size_t widest = 0;
  for (const SkillSource& skill : sources.skills)
    widest = std::max(widest, printable(skill.name).size());
  std::string text;
  for (const SkillSource& skill : sources.skills) {
    const std::string name = printable(skill.name);
    text += name + std::string(widest - name.size() + 2, ' ') + skill.from;
    if (skill.problem) text += fmt::format(" (cannot be audited: {})", skill.problem->what());
    text += '\n';
  }
  return text;
}

void add_source_options(Command& command, SourceOptions& options) {
  command.add_option("SKILL", options.skills,
                     "Skill folder, its SKILL.md, an archive of it, a folder with skills at any "
                     "depth, or the address of a Git repository: URL[#REF[:FOLDER]]");
  command
      .add_option("--ref", options.ref,
                  "Branch, tag or commit of a Git repository (default: its default branch)")
      .not_empty();
  command.add_flag("--installed", options.installed,
                   "Audit what the agents of this user have installed: skills and plugins in the "
                   "home and in the project around the current folder");
  command.add_flag("--list", options.list,
                   "List the skills that would be audited, and where they are from; no VM");
}

}  // namespace skillaudit
