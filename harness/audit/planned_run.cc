#include "harness/audit/planned_run.h"

#include <fmt/core.h>

#include "harness/agents/agent.h"
#include "harness/audit/added_packages.h"
#include "harness/audit/agent_control.h"
#include "harness/audit/answers_for.h"
#include "harness/audit/arrangement.h"
#include "harness/audit/missing_documents.h"
#include "harness/audit/model_end.h"
#include "harness/audit/plugins.h"
#include "harness/base/hash.h"
#include "harness/evidence/runner_names.h"
#include "harness/observe/preparation.h"
#include "harness/runner/agent_plan.h"
#include "harness/runner/project_steps.h"
#include "harness/runner/surroundings.h"
#include "harness/runner/word_steps.h"
#include "harness/skill/asked_folders.h"
#include "harness/skill/variables.h"

namespace skillaudit {
namespace {

/// What is asked in words that nobody interprets is not exercised, so nothing approves it.
void note_words(const std::vector<std::string>& not_exercised, std::vector<Gap>& gaps) {
  for (const std::string& sentence : not_exercised)
    gaps.push_back(Gap::not_exercised(
        GapSource::Execution,
        fmt::format("not exercised: an instruction in words that could not be interpreted, {}",
                    sentence)));
}

/// Plans what exercises the skill; for an agent, its prompts go into the evidence.
Plan plan_audit(const AuditSpec& spec, Evidence& evidence) {
  if (spec.agent.agent) {
    evidence.agent = describe(spec.agent, prompts_for(evidence.skill, spec.agent.prompts));
    Plan plan = make_agent_plan(*spec.agent.agent, evidence.agent.prompts);
    if (spec.agent.model == ModelSource::Obedient)
      plan.not_exercised = not_interpreted(evidence.skill);
    return plan;
  }
  return spec.scenario.empty() ? make_plan(evidence.skill, spec.commands)
                               : plan_scenario(evidence.skill, spec.scenario);
}

/// What the skill's code and documents ask the machine for.
std::vector<AskedVariable> asked_of(const Skill& skill) {
  std::vector<AskedVariable> asked;
  for (const SkillVariable& variable : variables_of(skill))
    asked.push_back({variable.name, variable.required, variable.has_default});
  return asked;
}

SandboxSpec sandbox_spec(const AuditSpec& spec, const Skill& skill, const std::string& project,
                         const Arrangement& arrangement, const std::vector<AuditedPlugin>& plugins,
                         const std::vector<MissingThing>& missing) {
  std::vector<std::string> folders = folders_of(skill);
  folders.insert(folders.end(), arrangement.folders.begin(), arrangement.folders.end());
  SandboxSpec sandbox{.os = spec.os,
                      .memory_mib = guest_memory(spec.agent.agent),
                      .policy = spec.policy,
                      .skill_folder = spec.skill_folder,
                      .skill_name = skill.name,
                      .variables = asked_of(skill),
                      .folders = std::move(folders),
                      .project = project,
                      .documents = documents_among(missing),
                      .placed = arrangement.files,
                      .environment = arrangement.environment,
                      .credentials = arrangement.credentials,
                      .packages = packages_for(spec, skill, missing),
                      .seed = random_hex(16),
                      .identity = draw_identity(),  // one for all clones
                      .agent = spec.agent.agent,
                      .cold = spec.cold};
  sandbox.policy.answers = answers_for(skill, spec.policy.answers);
  for (const AuditedPlugin& plugin : plugins)
    if (!plugin.installed && !plugin.place.empty())
      sandbox.copied.push_back({plugin.folder, plugin.place});
  return sandbox;
}

}  // namespace

PlannedRun plan_run(const AuditSpec& spec, const GuestAccount& account,
                    const std::vector<MissingThing>& missing, Evidence& evidence) {
  const StepPlaces places{installed_skill(account.home, evidence.skill.name, spec.agent.agent),
                          project_folder(account)};
  Plan plan = plan_audit(spec, evidence);
  note_words(plan.not_exercised, evidence.gaps);
  if (!spec.agent.agent) {
    if (spec.commands.empty() && spec.scenario.empty())
      add_given_arguments(plan, evidence.skill, evidence.skill.surroundings.arguments);
    add_given_arguments(plan, evidence.skill, spec.given.arguments);
  }
  std::vector<AuditedPlugin> plugins = plugins_of(
      spec.skill_folder, places.skill.substr(account.home.size() + 1), spec.plugin_folders);
  plan_plugins(plugins, account.home, places.project, plan, evidence.gaps);
  // A command or scenario of the author's means the skill's own folder.
  if (spec.agent.agent || plan.runner == kWalkthrough) evidence.project = places.project;
  const std::string& elsewhere = !spec.given.working_directory.empty()
                                     ? spec.given.working_directory
                                     : evidence.skill.surroundings.working_directory;
  run_in_project(
      plan, evidence.skill,
      {places.skill,
       elsewhere.empty() ? evidence.project : resolve_folder(elsewhere, places, account.home)});
  Arrangement arrangement = arrange(spec, evidence.skill, places, account.home, plan);
  mark_steps_with(missing, plan);
  return {
      .machine = sandbox_spec(spec, evidence.skill, places.project, arrangement, plugins, missing),
      .observation = {.plan = std::move(plan),
                      .timeout_s = spec.timeout_s,
                      .working_directory = spec.agent.agent ? evidence.project : places.skill,
                      .check_boot = spec.keep == Keep::Never,
                      .setup = arrangement.setup,
                      .wanted_texts = arrangement.texts},
      .skill_dir = places.skill,
      .arranged = std::move(arrangement.told)};
}

}  // namespace skillaudit
