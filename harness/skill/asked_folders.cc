#include "harness/skill/asked_folders.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <string_view>

namespace skillaudit {
namespace {

/// What stands before a folder that is changed into or tested for.
constexpr auto kBefore = std::to_array<std::string_view>(
    {"cd ", "pushd ", "[ -d ", "[ ! -d ", "test -d ", "test ! -d ", "git -C ", "chdir(", "isdir("});

/// Where a project of a user's may lie: below these, or in a folder of its own at the root.
constexpr auto kSystem = std::to_array<std::string_view>(
    {"/bin/", "/boot/", "/dev/", "/etc/", "/lib/", "/lib32/", "/lib64/", "/media/", "/proc/",
     "/root/", "/run/", "/sbin/", "/snap/", "/sys/", "/tmp/", "/usr/", "/var/", "/lost+found/"});

bool is_of_path(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '/' || c == '-' || c == '_' ||
         c == '.' || c == '~';
}

/// "$HOME/x", "${HOME}/x" and "~/x" are "~/x"; empty where what begins there is no such path, or
/// goes on with a variable.
std::string path_at(std::string_view text) {
  while (!text.empty() && (text[0] == '"' || text[0] == '\'' || text[0] == '('))
    text.remove_prefix(1);
  std::string path;
  for (const std::string_view home : {"$HOME/", "${HOME}/"})
    if (text.starts_with(home)) {
      path = "~/";
      text.remove_prefix(home.size());
    }
  std::size_t end = 0;
  while (end < text.size() && is_of_path(text[end])) ++end;
  if (end < text.size() && std::string_view("$*?{[`\\").find(text[end]) != std::string_view::npos)
    return {};
  path += text.substr(0, end);
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

bool may_be_project(const std::string& path) {
  constexpr std::size_t kLongest = 200;
  if (path.size() > kLongest || path.find("..") != std::string::npos ||
      path.find("/.") != std::string::npos || path.find("//") != std::string::npos ||
      path.find('~', 1) != std::string::npos)
    return false;
  if (path.starts_with("~/")) return path.size() > 2;
  if (!path.starts_with('/') || path.size() < 3) return false;
  return path.find('.') == std::string::npos && path != "/home" && path != "/opt" &&
         path != "/srv" && path != "/mnt" &&
         std::none_of(kSystem.begin(), kSystem.end(),
                      [&](std::string_view folder) { return (path + "/").starts_with(folder); });
}

/// Whether the text makes it: by mkdir, git clone and their like, on a line of its own.
bool is_made(std::string_view text, std::string_view name) {
  for (std::size_t at = text.find(name); at != std::string_view::npos;
       at = text.find(name, at + 1)) {
    const std::size_t begin = text.rfind('\n', at) + 1;
    const std::string_view before = text.substr(begin, at - begin);
    for (const std::string_view maker : {"mkdir", "clone", "makedirs", "install -d", "cp -r"})
      if (before.find(maker) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

std::vector<std::string> folders_of(const Skill& skill) {
  std::set<std::string> folders;
  for (const SkillText& text : skill.texts)
    for (const std::string_view before : kBefore)
      for (std::size_t at = text.text.find(before); at != std::string::npos;
           at = text.text.find(before, at + 1)) {
        if (at > 0 && std::isalnum(static_cast<unsigned char>(text.text[at - 1])) != 0) continue;
        std::string path = path_at(std::string_view(text.text).substr(at + before.size(), 256));
        if (!may_be_project(path)) continue;
        const std::string_view name = std::string_view(path).substr(path.starts_with('~') ? 2 : 0);
        if (std::any_of(skill.texts.begin(), skill.texts.end(),
                        [&](const SkillText& each) { return is_made(each.text, name); }))
          continue;
        folders.insert(std::move(path));
      }
  std::vector<std::string> all(folders.begin(), folders.end());
  // A folder inside another one comes with it.
  std::vector<std::string> outer;
  for (std::string& folder : all)
    if (outer.size() < kMostAskedFolders &&
        (outer.empty() || !folder.starts_with(outer.back() + "/")))
      outer.push_back(std::move(folder));
  return outer;
}

}  // namespace skillaudit
