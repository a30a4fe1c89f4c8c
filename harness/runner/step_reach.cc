#include "harness/runner/step_reach.h"

#include <algorithm>

#include "harness/runner/script_command.h"

namespace skillaudit {

ReachSet reach_of_step(std::string_view command, const Skill& skill) {
  ReachSet reach = reach_of(command);
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

}  // namespace skillaudit
