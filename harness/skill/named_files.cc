#include "harness/skill/named_files.h"

#include <algorithm>
#include <cctype>

#include "harness/skill/package_install.h"

namespace skillaudit {
namespace {

bool is_boundary(std::string_view text, std::size_t at) {
  if (at >= text.size()) return true;
  const unsigned char c = static_cast<unsigned char>(text[at]);
  return !std::isalnum(c) && c != '_' && c != '-' && c != '.' && c < 0x80;
}

}  // namespace

bool mentions_file(std::string_view command, std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  for (std::size_t at = command.find(name); at != std::string_view::npos;
       at = command.find(name, at + 1))
    if ((at == 0 || is_boundary(command, at - 1)) && is_boundary(command, at + name.size()))
      return true;
  return false;
}

namespace {

ReachSet reach_of_code(std::string_view command, const Skill& skill) {
  // A package by its name, from where the machine takes packages, is not code that nobody can see.
  const bool has_own_list =
      std::any_of(skill.files.begin(), skill.files.end(), [](const SkillFile& file) {
        return file.path == "package.json" || file.path.ends_with("/package.json");
      });
  ReachSet reach = reach_of(without_package_installs(command, has_own_list));
  for (const SkillFile& file : skill.files) {
    if (file.path == "SKILL.md" || !mentions_file(command, file.path)) continue;
    const auto text = std::find_if(skill.texts.begin(), skill.texts.end(),
                                   [&](const SkillText& each) { return each.path == file.path; });
    if (text != skill.texts.end())
      reach |= reach_of(text->text);
    else if ((file.mode & 0111) != 0)
      return ~ReachSet();
  }
  return reach;
}

}  // namespace

ReachSet reach_of_command(std::string_view command, const Skill& skill) {
  const std::size_t loads = command.find(kLoadsModule);
  const bool is_call = command.starts_with("python3 -c \"levels = ") && loads < 40;
  return reach_of_code(is_call ? command.substr(loads + kLoadsModule.size()) : command, skill);
}

}  // namespace skillaudit
