#include "harness/changes/locations.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "harness/agents/places.h"

namespace skillaudit {
namespace {

/// A row with what stands before its "*": a path that does not begin so is no such place.
struct IndexedRow {
  std::string_view head;
  const KnownPlace* place = nullptr;
  /// Asked of a million paths: the last character differs more often than the first.
  [[nodiscard]] bool may_be(std::string_view path) const {
    return path.size() >= head.size() && path[head.size() - 1] == head.back() &&
           path.starts_with(head);
  }
};

/// Rows by the character in which most of them differ, each list in their order.
struct Index {
  std::size_t at = 0;
  std::array<std::vector<IndexedRow>, 256> rows;
};

Index index_of(Whose whose, std::size_t at) {
  Index index{.at = at, .rows = {}};
  for (const KnownPlace& place : kPlaces)
    if (place.whose() == whose)
      index.rows[static_cast<unsigned char>(place.path()[at])].push_back(
          {place.path().substr(0, place.path().find('*')), &place});
  return index;
}

const KnownPlace* find_in(const Index& index, std::string_view path) {
  if (path.size() <= index.at) return nullptr;
  for (const IndexedRow& row : index.rows[static_cast<unsigned char>(path[index.at])])
    if (row.may_be(path) && is_at(path, *row.place)) return row.place;
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

/// A place that may be in any folder: "/.cursor/", "/AGENTS.md".
struct AnywherePattern {
  std::string text;      ///< from a "/" on
  bool ends = false;     ///< it names a file, and matches at the end alone
  std::size_t rank = 0;  ///< of its kind: of two that match, the lower one decides
};

constexpr std::array kAnywhere = {Place::AgentSkill, Place::AgentProject, Place::ProjectStartup,
                                  Place::ProjectScripts};

/// By the character after their first "/".
using AnywherePatterns = std::array<std::vector<AnywherePattern>, 256>;

AnywherePatterns anywhere_patterns() {
  AnywherePatterns all;
  for (std::size_t rank = 0; rank < kAnywhere.size(); ++rank)
    for (std::string& text : project_patterns(kAnywhere.at(rank))) {
      const bool ends = !text.ends_with('*') && !text.ends_with('/');
      if (text.ends_with('*')) text.pop_back();
      const auto first = static_cast<unsigned char>(text.size() > 1 ? text[1] : '/');
      all.at(first).push_back({std::move(text), ends, rank});
    }
  return all;
}

/// What the folders and the name of a path show, wherever they lie.
struct SeenAnywhere {
  std::size_t git = std::string_view::npos;  ///< where "/.git/" begins
  std::size_t rank = kAnywhere.size();       ///< of the place; the size for none
};

/// One pass over the path, since a million of them are asked: a pattern can only begin at a slash.
SeenAnywhere seen_anywhere(std::string_view path) {
  static const AnywherePatterns patterns = anywhere_patterns();
  SeenAnywhere seen;
  for (std::size_t at = 0; at + 1 < path.size(); ++at) {
    if (path[at] != '/') continue;
    const std::string_view rest = path.substr(at);
    if (rest[1] == '.' && rest.starts_with("/.git/")) return {.git = at};
    for (const AnywherePattern& each : patterns[static_cast<unsigned char>(rest[1])]) {
      if (each.rank >= seen.rank) continue;
      if (each.ends ? rest == each.text : rest.starts_with(each.text)) seen.rank = each.rank;
    }
  }
  return seen;
}

/// What may be in any folder: hooks of its repository, instructions of agents. `otherwise` for what
/// is neither.
Place place_in_project(std::string_view path, Place otherwise) {
  const SeenAnywhere seen = seen_anywhere(path);
  if (seen.git != std::string_view::npos)
    return is_git_hook(path.substr(seen.git)) ? Place::GitHook : otherwise;
  if (seen.rank == kAnywhere.size()) return otherwise;
  // What a package ships speaks to those who work on that package.
  for (const std::string_view part : {"/node_modules/", "/site-packages/", "/.venv/", "/venv/"})
    if (path.find(part) != std::string_view::npos) return otherwise;
  return kAnywhere.at(seen.rank);
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
