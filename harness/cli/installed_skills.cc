#include "harness/cli/installed_skills.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/agents/agent.h"
#include "harness/agents/places.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/json_text.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::uint64_t kLargestList = 4 << 20;
constexpr int kDeepestList = 8;

bool is_folder(const fs::path& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}

/// The folders in a place, where links lead, sorted by name.
std::vector<fs::path> folders_in(const fs::path& place) {
  std::vector<fs::path> names;
  std::error_code error;
  for (fs::directory_iterator entry(place, error), end; !error && entry != end;
       entry.increment(error))
    if (is_folder(entry->path())) names.push_back(entry->path());
  std::sort(names.begin(), names.end());
  for (fs::path& name : names)
    if (fs::is_symlink(name, error)) name = fs::canonical(name, error);
  return names;
}

/// Every `installPath` in the list, at any depth: its form has changed with the agent's versions.
void take_paths(const Json& value, int depth, std::vector<fs::path>& paths) {
  if (depth > kDeepestList || (!value.is_object() && !value.is_array())) return;
  for (const auto& [key, inner] : value.items()) {
    if (key == "installPath" && inner.is_string()) paths.emplace_back(inner.get<std::string>());
    take_paths(inner, depth + 1, paths);
  }
}

std::vector<fs::path> plugins_in(const fs::path& list) {
  std::vector<fs::path> paths;
  try {
    if (fs::exists(list))
      take_paths(parse_json_or_discard(read_file(list, kLargestList)), 0, paths);
  } catch (const Error&) {
    return {};  // unreadable for us is unreadable for the agent
  }
  return paths;
}

/// From the current folder up to the repository's top: there an agent looks as well.
std::vector<fs::path> project_folders(const fs::path& current, const fs::path& home) {
  std::vector<fs::path> folders;
  std::error_code error;
  for (fs::path at = current; at != home && at.has_relative_path(); at = at.parent_path()) {
    folders.push_back(at);
    if (fs::exists(at / ".git", error)) return folders;
  }
  folders.resize(std::min<std::size_t>(folders.size(), 1));  // no repository: the folder itself
  return folders;
}

class Search {
 public:
  void add(std::string_view agent, const fs::path& folder, std::vector<fs::path> entries) {
    std::error_code error;
    if (!seen_.insert(fs::weakly_canonical(folder, error)).second) return;
    std::erase_if(entries, [&](const fs::path& entry) {
      return !entries_.insert(fs::weakly_canonical(entry, error)).second;
    });
    places_.push_back({std::string(agent), folder, std::move(entries)});
  }
  void add_place(std::string_view agent, const fs::path& folder) {
    if (is_folder(folder)) add(agent, folder, folders_in(folder));
  }
  std::vector<InstalledPlace> take() { return std::move(places_); }

 private:
  std::set<fs::path> seen_;
  std::set<fs::path> entries_;
  std::vector<InstalledPlace> places_;
};

}  // namespace

std::vector<InstalledPlace> installed_places(const fs::path& home, const fs::path& current) {
  Search search;
  const std::vector<fs::path> projects = project_folders(current, home);
  for (const Agent& agent : known_agents()) {
    search.add_place(agent.name, home / agent.skills);
    if (!agent.plugins.list.empty())
      for (const fs::path& plugin : plugins_in(home / agent.plugins.list))
        if (is_folder(plugin)) search.add(agent.name, plugin, {plugin});
    if (!agent.plugins.folder.empty())
      for (const fs::path& plugin : folders_in(home / agent.plugins.folder))
        search.add(agent.name, plugin, {plugin});
    for (const fs::path& project : projects) search.add_place(agent.name, project / agent.skills);
  }
  for (const KnownPlace& place : kPlaces) {
    if (place.kind != Place::AgentSkill || !place.is_folder()) continue;
    const fs::path path = fs::path(place.path()).relative_path();
    if (place.whose() == Whose::Home)
      search.add_place(place.agent, home / path);
    else if (place.whose() == Whose::Project)
      for (const fs::path& project : projects) search.add_place(place.agent, project / path);
  }
  return search.take();
}

}  // namespace skillaudit
