#include "harness/evidence/bare_command.h"

#include <algorithm>

#include "harness/base/text.h"

namespace skillaudit {

const SkillFile* bare_command(std::string_view command, const Skill& skill) {
  command = trim(command);
  if (command.find('\n') != std::string_view::npos) return nullptr;
  std::string_view word = command.substr(command.find_last_of(" \t") + 1);
  while (!word.empty() && (word.back() == '\'' || word.back() == '"')) word.remove_suffix(1);
  while (!word.empty() && (word.front() == '\'' || word.front() == '"')) word.remove_prefix(1);
  while (word.starts_with("./")) word.remove_prefix(2);
  const auto is_it = [&](const SkillFile& file) {
    return word == file.path || (word.size() > file.path.size() && word.ends_with(file.path) &&
                                 word[word.size() - file.path.size() - 1] == '/');
  };
  const auto found = std::find_if(skill.files.begin(), skill.files.end(), is_it);
  return found == skill.files.end() ? nullptr : &*found;
}

}  // namespace skillaudit
