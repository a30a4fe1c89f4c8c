#include "harness/changes/locations.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "harness/agents/places.h"

namespace skillaudit {
namespace {

/// Rows by the character in which most of them differ, each list in their order.
struct Index {
  std::size_t at = 0;
  std::array<std::vector<const KnownPlace*>, 256> rows;
};

Index index_of(Whose whose, std::size_t at) {
  Index index{.at = at, .rows = {}};
  for (const KnownPlace& place : kPlaces)
    if (place.whose() == whose)
      index.rows[static_cast<unsigned char>(place.path()[at])].push_back(&place);
  return index;
}

const KnownPlace* find_in(const Index& index, std::string_view path) {
  if (path.size() <= index.at) return nullptr;
  for (const KnownPlace* place : index.rows[static_cast<unsigned char>(path[index.at])])
    if (is_at(path, *place)) return place;
  return nullptr;
}

/// The rows of Whose::Project of one kind, each as what a path has in it: "/.cursor/".
std::vector<std::string> project_patterns(Place kind) {
  std::vector<std::string> patterns;
  for (const KnownPlace& place : kPlaces)
    if (place.whose() == Whose::Project && place.kind == kind)
      patterns.push_back("/" + std::string(place.pattern));
  return patterns;
}

/// A pattern that names a file matches at the end, any other one anywhere.
bool is_in_project(std::string_view path, std::string_view pattern) {
  if (pattern.ends_with('*')) return path.find(pattern.substr(0, pattern.size() - 1)) != path.npos;
  if (pattern.ends_with('/')) return path.find(pattern) != path.npos;
  return !path.empty() && path.back() == pattern.back() && path.ends_with(pattern);
}

/// "/.git/modules/*/hooks/" has folders in between: a submodule's repository has hooks of its own.
bool is_in_repository(std::string_view from_git, std::string_view pattern) {
  const std::size_t star = std::min(pattern.find("/*/"), pattern.size());
  if (!from_git.starts_with(pattern.substr(0, star + 1))) return false;
  return star == pattern.size() ||
         from_git.find(pattern.substr(star + 2), star) != std::string_view::npos;
}

bool is_git_hook(std::string_view from_git) {
  static const std::vector<std::string> hooks = project_patterns(Place::GitHook);
  // What Git itself puts there does not run until it is renamed.
  return !from_git.ends_with(".sample") &&
         std::any_of(hooks.begin(), hooks.end(), [&](const std::string& pattern) {
           return is_in_repository(from_git, pattern);
         });
}

/// What may be in any folder: hooks of its repository, instructions of agents. `otherwise` for what
/// is neither.
Place place_in_project(std::string_view path, Place otherwise) {
  // Asked of a million paths, of which hardly one is such a place: the quick questions come first.
  const bool has_dot_name = path.find("/.") != std::string_view::npos;
  const std::size_t git = has_dot_name ? path.find("/.git/") : std::string_view::npos;
  if (git != std::string_view::npos)
    return is_git_hook(path.substr(git)) ? Place::GitHook : otherwise;
  struct Patterns {
    Place kind;
    std::vector<std::string> patterns;
  };
  static const std::vector<Patterns> all = [] {
    std::vector<Patterns> made;
    for (const Place kind :
         {Place::AgentSkill, Place::AgentProject, Place::ProjectStartup, Place::ProjectScripts})
      made.push_back({kind, project_patterns(kind)});
    return made;
  }();
  const auto matches = [&](const std::string& pattern) {
    return (has_dot_name || pattern[1] != '.') && is_in_project(path, pattern);
  };
  const auto found = std::find_if(all.begin(), all.end(), [&](const Patterns& each) {
    return std::any_of(each.patterns.begin(), each.patterns.end(), matches);
  });
  if (found == all.end()) return otherwise;
  // What a package ships speaks to those who work on that package.
  for (const std::string_view part : {"/node_modules/", "/site-packages/", "/.venv/", "/venv/"})
    if (path.find(part) != std::string_view::npos) return otherwise;
  return found->kind;
}

/// The home that `path` lies in, or empty.
std::string_view home_of(std::string_view path, std::string_view home) {
  if (path == home || is_below(path, home)) return home;
  if (path == "/root" || path.starts_with("/root/")) return "/root";
  if (!path.starts_with("/home/") || path.size() == 6) return {};
  return path.substr(0, path.find('/', 6));
}

}  // namespace

bool is_below(std::string_view path, std::string_view folder) {
  if (folder == "/") return path.size() > 1;
  return !folder.empty() && path.size() > folder.size() + 1 && path.starts_with(folder) &&
         path[folder.size()] == '/';
}

std::string_view base_name(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string_view parent_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos || slash == 0) return "/";
  return path.substr(0, slash);
}

const KnownPlace* known_place(std::string_view path, std::string_view home) {
  static const Index of_home = index_of(Whose::Home, 2);
  static const Index of_system = index_of(Whose::System, 1);
  const std::string_view own_home = home_of(path, home);
  return own_home.empty() ? find_in(of_system, path)
                          : find_in(of_home, path.substr(own_home.size()));
}

Place place_of(std::string_view path, std::string_view home, std::string_view skill_dir) {
  if (!skill_dir.empty() && (path == skill_dir || is_below(path, skill_dir))) {
    return Place::SkillFolder;
  }
  const std::string_view own_home = home_of(path, home);
  const Place otherwise = own_home.empty()                                 ? Place::System
                          : path.substr(own_home.size()).starts_with("/.") ? Place::UserConfig
                                                                           : Place::UserData;
  const KnownPlace* known = known_place(path, home);
  // A row of the most general kind leaves it to what else is in the folder, except below /usr,
  // where packages put what they ship.
  const bool decides = known != nullptr && (known->kind != otherwise || path.starts_with("/usr/"));
  return decides ? known->kind : place_in_project(path, otherwise);
}

std::string_view program_of(const ProcessEntry& process) {
  static constexpr std::array<std::string_view, 16> kInterpreters = {
      "sh",   "bash", "dash", "zsh",   "python", "python3", "node", "nodejs",
      "perl", "ruby", "env",  "nohup", "setsid", "timeout", "sudo", "busybox"};
  const auto is_interpreter = [](std::string_view name) {
    return std::find(kInterpreters.begin(), kInterpreters.end(), name) != kInterpreters.end() ||
           name.starts_with("python3.");
  };
  const std::vector<std::string>& words = process.command_line;
  const std::string_view program = !process.path.empty() ? base_name(process.path)
                                   : words.empty()       ? std::string_view(process.name)
                                                         : base_name(words[0]);
  if (!is_interpreter(program)) return program;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (word == "-c" || word == "-e" || word == "--eval") return {};
    if (word.starts_with("-") || is_interpreter(base_name(word))) continue;
    return base_name(word);
  }
  return {};
}

}  // namespace skillaudit
