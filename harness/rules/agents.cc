// What agents are told and allowed, and the skills of others.
#include <algorithm>

#include "harness/rules/rules.h"
#include "harness/rules/written.h"

namespace skillaudit {
namespace {

/// "/home/u/.claude/skills/other" for what lies in it; empty for what lies in no skill's folder.
std::string_view skill_folder_of(std::string_view path) {
  for (const std::string_view skills : {"/skills/", "/skill/"}) {
    const std::size_t at = path.find(skills);
    if (at == std::string_view::npos) continue;
    const std::size_t end = path.find('/', at + skills.size());
    return end == std::string_view::npos ? std::string_view{} : path.substr(0, end);
  }
  return {};
}

/// The file's name stands in the skill's documents, or a folder above it does. What holds for all
/// that the user does is nothing that a document could excuse.
bool is_documented(const RuleInput& input, std::string_view path, Place place) {
  if (place == Place::AgentSettings ||
      !input.excusable(RuleId::TamperingAgentSettings, Excuse::Path))
    return false;
  if (input.documented.path(path)) return true;
  std::string_view name = base_name(path);
  name.remove_prefix(std::min(name.find_first_not_of('.'), name.size()));
  return place == Place::AgentProject && input.documented.package(name);
}

/// A repository that was fetched tells those who will work in it, and nobody before.
bool is_of_new_folder(const RuleInput& input, std::string_view path) {
  return input.folders.contains(parent_of(path));
}

}  // namespace

void agent_rules(const RuleInput& input, Drafts& drafts) {
  std::vector<Offender> settings;
  std::vector<Offender> skills;
  std::size_t other_settings = 0;
  std::size_t other_skills = 0;
  for (const auto& [path, written] :
       written_in(input, {Place::AgentSettings, Place::AgentProject, Place::AgentSkill})) {
    const Place place = input.place(path);
    const std::string_view skill =
        place == Place::AgentSkill ? skill_folder_of(path) : std::string_view{};
    const bool of_other =
        !skill.empty() && find_file(input.evidence.before.files, skill) != nullptr;
    // A skill that is new is one more instruction; one that was there is somebody's.
    if (!of_other && is_documented(input, path, place)) continue;
    if (place == Place::AgentProject && is_of_new_folder(input, path)) continue;
    std::vector<Offender>& list = of_other ? skills : settings;
    if (list.size() == kMostListed)
      ++(of_other ? other_skills : other_settings);
    else
      list.push_back(offender_of(path, written));
  }
  drafts.add_each(RuleId::TamperingAgentSettings, settings, other_settings);
  drafts.add_each(RuleId::TamperingOtherSkill, skills, other_skills);
}

}  // namespace skillaudit
