#include "harness/changes/installed.h"

#include <algorithm>
#include <array>
#include <string>

#include "harness/base/text.h"
#include "harness/changes/locations.h"

namespace skillaudit {
namespace {

bool is_folder_of_programs(std::string_view folder) {
  return folder.ends_with("/bin") || folder.ends_with("/sbin") || folder == "/usr/games";
}

/// Folders in which interpreters look for modules by name.
bool is_folder_of_modules(std::string_view folder) {
  static constexpr auto kEnds = std::to_array<std::string_view>(
      {"/dist-packages", "/site-packages", "/node_modules", "/lib-dynload", "/nodejs"});
  if (std::any_of(kEnds.begin(), kEnds.end(),
                  [&](std::string_view end) { return folder.ends_with(end); }))
    return true;
  const std::string_view parent = parent_of(folder);
  return (parent == "/usr/lib" && base_name(folder).starts_with("python")) ||
         parent == "/usr/lib/ruby" || parent.ends_with("/ruby/gems") ||
         folder.find("/perl") != std::string_view::npos;
}

std::string_view stem_of(std::string_view name) { return name.substr(0, name.find('.', 1)); }

template <typename Matches>
bool any_file(const Evidence& evidence, Matches matches) {
  const auto in = [&](const std::vector<FileEntry>& files) {
    return std::any_of(files.begin(), files.end(),
                       [&](const FileEntry& file) { return matches(file.path); });
  };
  return in(evidence.before.files) || in(evidence.after.files);
}

}  // namespace

bool Installed::has_program(std::string_view name) const {
  const auto runs = [&](const TraceEvent& event) {
    return event.kind == TraceKind::Exec && event.success &&
           (base_name(event.program) == name ||
            (!event.arguments.empty() && base_name(event.arguments[0]) == name));
  };
  const auto& events = evidence_.trace.events;
  return std::any_of(events.begin(), events.end(), runs) ||
         any_file(evidence_, [&](std::string_view path) {
           return base_name(path) == name && is_folder_of_programs(parent_of(path));
         });
}

bool Installed::has_module(std::string_view name) const {
  return any_file(evidence_, [&](std::string_view path) {
    const std::string_view base = base_name(path);
    return base.starts_with(name) && (base == name || stem_of(base) == name) &&
           is_folder_of_modules(parent_of(path));
  });
}

bool Installed::has_file(std::string_view path) const {
  return find_file(evidence_.before.files, path) != nullptr;
}

bool Installed::is_skills_own(std::string_view name) const {
  const auto is_named = [&](const SkillFile& file) {
    for (const std::string_view part : split(file.path, '/'))
      if (part == name || stem_of(part) == name) return true;
    return false;
  };
  return std::any_of(evidence_.skill.files.begin(), evidence_.skill.files.end(), is_named);
}

bool Installed::is_skills_program(std::string_view name) const {
  return std::any_of(evidence_.skill.files.begin(), evidence_.skill.files.end(),
                     [&](const SkillFile& file) { return base_name(file.path) == name; });
}

bool Installed::is_path_of_skill(std::string_view path) const {
  while (path.starts_with("./")) path.remove_prefix(2);
  const std::string& folder = evidence_.environment.skill_dir;
  if (path == folder || is_below(path, folder)) return true;
  const std::string_view base = base_name(path);
  const std::string_view first = path.substr(0, path.find('/'));
  const auto meets = [&](const SkillFile& file) {
    return base_name(file.path) == base || (!path.starts_with('/') && first.size() < path.size() &&
                                            file.path.starts_with(std::string(first) + "/"));
  };
  return std::any_of(evidence_.skill.files.begin(), evidence_.skill.files.end(), meets);
}

}  // namespace skillaudit
