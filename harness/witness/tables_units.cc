#include <map>
#include <set>

#include "harness/witness/io.h"
#include "harness/witness/systemd.h"
#include "harness/witness/tables.h"

namespace witness {
namespace {

bool is_unit(std::string_view name) {
  return name.ends_with(".service") || name.ends_with(".timer") || name.ends_with(".socket") ||
         name.ends_with(".path");
}

/// One manager's section: the scope NUL, a line "ID LOAD ACTIVE SUB" for each unit, NUL.
void add_section(std::string& out, const std::string& scope, const std::string& socket) {
  put_field(out, scope);
  for (const LoadedUnit& unit : loaded_units(socket))
    if (is_unit(unit.id))
      out +=
          unit.id + " " + unit.load_state + " " + unit.active_state + " " + unit.sub_state + "\n";
  out += '\0';
}

std::string base_name(std::string_view path) {
  return std::string(path.substr(path.rfind('/') + 1));
}
std::string folder_of(std::string_view path) {
  return std::string(path.substr(0, path.rfind('/')));
}

/// The path that `target`, a link in `folder`, names. Only its text counts: links are not followed.
std::string joined(const std::string& folder, const std::string& target) {
  std::vector<std::string_view> parts;
  const std::string whole = target.starts_with('/') ? target : folder + "/" + target;
  for (const std::string_view part : split(whole, '/')) {
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      if (!parts.empty()) parts.pop_back();
    } else {
      parts.push_back(part);
    }
  }
  std::string path;
  for (const std::string_view part : parts) path.append("/").append(part);
  return path.empty() ? "/" : path;
}

std::string state_of(const std::string& path, const std::string& name,
                     const std::set<std::string>& places) {
  if (const auto link = link_target(path)) {
    const std::string target = joined(folder_of(path), *link);
    if (target == "/dev/null") return "masked";
    if (base_name(target) != name) return "alias";
    if (!places.contains(folder_of(target))) return "linked";
  }
  const auto content = read_file(path, 1U << 18);
  if (!content) return "bad";
  if (content->empty()) return "masked";
  return ("\n" + *content).find("\n[Install]") != std::string::npos ? "disabled" : "static";
}

struct UnitFolders {
  std::map<std::string, std::string> found;   ///< name to the path that wins
  std::map<std::string, std::string> linked;  ///< name to how it is enabled
};

/// Folders come in the order of systemd.unit(5): the first that has a name wins. A unit is enabled
/// where a *.wants or *.requires folder, or an alias, of the administrator's links to it; those
/// under /usr are the distribution's own wiring.
UnitFolders read_folders(const std::vector<std::string>& folders) {
  UnitFolders units;
  for (const std::string& folder : folders) {
    const std::string how = folder.starts_with("/run/") ? "enabled-runtime" : "enabled";
    const bool own = !folder.starts_with("/usr/");
    for (const std::string& name : names_in(folder)) {
      const std::string path = folder + "/" + name;
      if (own && (name.ends_with(".wants") || name.ends_with(".requires"))) {
        for (const std::string& link : names_in(path)) units.linked.try_emplace(link, how);
      } else if (is_unit(name)) {
        units.found.try_emplace(name, path);
        const auto target = own ? link_target(path) : std::nullopt;
        if (target && base_name(*target) != name) units.linked.try_emplace(base_name(*target), how);
      }
    }
  }
  std::map<std::string, std::string> templates;
  for (const auto& [link, how] : units.linked)
    if (const std::size_t at = link.find('@'); at != std::string::npos)
      templates.try_emplace(link.substr(0, at) + "@." + link.substr(link.rfind('.') + 1), how);
  units.linked.merge(templates);
  return units;
}

void add_scope(std::string& out, const std::string& scope, const std::vector<std::string>& folders,
               std::set<std::string> places) {
  places.insert(folders.begin(), folders.end());
  const UnitFolders units = read_folders(folders);
  std::set<std::string> names;
  for (const auto& [name, path] : units.found) names.insert(name);
  for (const auto& [name, how] : units.linked) names.insert(name);
  for (const std::string& name : names) {
    if (!is_unit(name)) continue;
    const auto path = units.found.find(name);
    std::string state = path == units.found.end() ? "" : state_of(path->second, name, places);
    if (state.empty() || state == "disabled" || state == "static" || state == "linked")
      if (const auto how = units.linked.find(name); how != units.linked.end()) state = how->second;
    put_field(out, scope);
    put_field(out, name);
    put_field(out, state);
  }
}

}  // namespace

std::string units_table() {
  std::string out;
  add_section(out, "system", "/run/systemd/private");
  for (const std::string& user : names_in("/run/user")) {
    const std::string socket = "/run/user/" + user + "/systemd/private";
    const auto status = look_at(socket);
    if (is_number(user) && status && S_ISSOCK(status->st_mode))
      add_section(out, "user:" + user, socket);
  }
  return out;
}

/// /run is not among the files of a snapshot, so this is the only look at units put there.
std::string unit_files_table() {
  const std::vector<std::string> system = {"/etc/systemd/system", "/run/systemd/system",
                                           "/usr/local/lib/systemd/system",
                                           "/usr/lib/systemd/system"};
  const std::vector<std::string> everyone = {"/etc/systemd/user", "/usr/local/lib/systemd/user",
                                             "/usr/lib/systemd/user"};
  std::set<std::string> places = {"/lib/systemd/system", "/lib/systemd/user"};
  places.insert(system.begin(), system.end());
  places.insert(everyone.begin(), everyone.end());
  std::string out;
  add_scope(out, "system", system, places);
  add_scope(out, "user:*", everyone, places);
  for (const Account& account : homes())
    add_scope(out, "user:" + account.name,
              {account.home + "/.config/systemd/user", account.home + "/.local/share/systemd/user"},
              places);
  return out;
}

}  // namespace witness
