#include "harness/audit/arrangement.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/changes/locations.h"
#include "harness/rules/rules.h"
#include "harness/runner/agent_plan.h"
#include "harness/runner/surroundings.h"
#include "harness/sensors/asked_variables.h"

namespace skillaudit {
namespace {

/// Folders at the root that are the system's own.
constexpr auto kSystemFolders =
    std::to_array<std::string_view>({"bin", "boot", "dev", "etc", "lib", "lib32", "lib64", "proc",
                                     "root", "run", "sbin", "sys", "usr", "var"});

struct GuestPlaces {
  const StepPlaces& steps;
  const std::string& home;
};

PlacedEntry entry_of(const PlacedFile& file, const GuestPlaces& places) {
  const std::string path = resolve_folder(file.path, places.steps, places.home);
  const bool in_home = is_below(path, places.home);
  return {{.path = in_home ? path.substr(places.home.size() + 1) : path,
           .content = file.content,
           .placed = !in_home},
          file.place};
}

/// Adds the files of audit.yaml.
void add_files(const Surroundings& asked, const GuestPlaces& places, Arrangement& arrangement) {
  for (const PlacedFile& file : asked.files) {
    const std::string path = resolve_folder(file.path, places.steps, places.home);
    if (const std::string why = why_not_there(path, places.home, places.steps.skill); !why.empty())
      fail(ErrorKind::Skill, "{}: {} cannot be put into the guest by audit.yaml: {}", file.place,
           printable(file.path), why);
    PlacedEntry entry = entry_of(file, places);
    const auto same = std::find_if(
        arrangement.files.begin(), arrangement.files.end(),
        [&](const PlacedEntry& other) { return other.entry.path == entry.entry.path; });
    if (same == arrangement.files.end()) {
      arrangement.files.push_back(std::move(entry));
      arrangement.told.push_back(fmt::format("audit.yaml puts {} there", as_code(file.path)));
    } else if (same->entry.content != entry.entry.content) {
      fail(ErrorKind::Skill,
           "{}: another scenario has other text for {}: give the file another name, since all "
           "scenarios run in one VM",
           file.place, printable(file.path));
    }
  }
}

/// How far audit.yaml's variables go.
enum class Variables {
  OfSteps,  ///< the steps get them, and run without them too
  OfAll,    ///< an agent gets them, in a test
  None      ///< an agent in an audit gets none: they could steer the agent itself
};

void add_variables(const Surroundings& asked, const Surroundings& given, Variables how,
                   Arrangement& arrangement) {
  if (how == Variables::None) return;
  std::vector<std::string> names;
  for (const auto& [name, value] : asked.environment) {
    const bool is_given =
        std::any_of(given.environment.begin(), given.environment.end(),
                    [&, &own = name](const auto& each) { return each.first == own; });
    if (is_given) continue;
    names.push_back(as_code(name));
    if (how == Variables::OfAll)
      arrangement.environment.emplace_back(name, value);
    else if (names_credential(name))
      arrangement.credentials.emplace_back(name, value);
  }
  if (!names.empty())
    arrangement.told.push_back(fmt::format("audit.yaml sets {}", join(names, ", ")));
}

void add_authors(const Surroundings& asked, const GuestPlaces& places, const Surroundings& given,
                 Variables how, Arrangement& arrangement) {
  add_files(asked, places, arrangement);
  add_variables(asked, given, how, arrangement);
  if (!asked.working_directory.empty())
    arrangement.folders.push_back(
        resolve_folder(asked.working_directory, places.steps, places.home));
}

void add_given(const Surroundings& given, const GuestPlaces& places, Arrangement& arrangement) {
  for (const PlacedFile& file : given.files) {
    PlacedEntry entry = entry_of(file, places);
    std::erase_if(arrangement.files,
                  [&](const PlacedEntry& other) { return other.entry.path == entry.entry.path; });
    arrangement.files.push_back(std::move(entry));
  }
  std::vector<std::string> paths;
  for (const PlacedFile& file : given.files)
    if (paths.size() < 5) paths.push_back(as_code(file.path));
  if (given.files.size() > paths.size())
    paths.push_back(fmt::format("{} more", given.files.size() - paths.size()));
  if (!paths.empty()) arrangement.told.push_back("--file puts " + join(paths, ", ") + " there");
  arrangement.environment.insert(arrangement.environment.end(), given.environment.begin(),
                                 given.environment.end());
  std::vector<std::string> names;
  for (const auto& variable : given.environment) names.push_back(as_code(variable.first));
  if (!names.empty()) arrangement.told.push_back("--env sets " + join(names, ", "));
  if (!given.working_directory.empty())
    arrangement.folders.push_back(
        resolve_folder(given.working_directory, places.steps, places.home));
}

/// What a scenario expects a text in, and what a test in C++ names.
std::vector<std::string> wanted_texts(const AuditSpec& spec, const Skill& skill,
                                      const GuestPlaces& places) {
  std::vector<std::string> paths;
  for (const std::string& path : spec.texts)
    paths.push_back(resolve_folder(path, places.steps, places.home));
  for (const Scenario& scenario : skill.scenarios)
    if (scenario.name == spec.scenario)
      for (const ExpectedText& text : scenario.expect.texts)
        paths.push_back(resolve_folder(text.path, places.steps, places.home));
  std::sort(paths.begin(), paths.end());
  return paths;
}

/// "~/work" for a folder of the home, as folders of a skill's own are named.
void tidy(Arrangement& arrangement, const GuestPlaces& places) {
  const std::string& project = places.steps.project;
  std::erase_if(arrangement.folders, [&](const std::string& folder) {
    return folder == places.home || folder == "/" || folder == project ||
           is_below(folder, project) || folder == places.steps.skill ||
           is_below(folder, places.steps.skill);
  });
  for (std::string& folder : arrangement.folders)
    if (is_below(folder, places.home)) folder = "~" + folder.substr(places.home.size());
}

}  // namespace

std::string why_not_there(const std::string& path, const std::string& home,
                          const std::string& skill_dir) {
  if (path == skill_dir || is_below(path, skill_dir)) return "it is the skill's own folder";
  const Place place = place_of(path, home, skill_dir);
  if (place == Place::UserSecret) return "credentials of the guest are the audit's own";
  if (persists(place) || place == Place::Program || place == Place::ProgramPath)
    return "other programs run what is there or are configured by it";
  const std::string_view first = split(std::string_view(path).substr(1), '/').front();
  const bool is_systems =
      std::find(kSystemFolders.begin(), kSystemFolders.end(), first) != kSystemFolders.end();
  if (is_systems && !path.starts_with("/var/tmp/"))
    return "it is in a folder of the system: use the home, /srv, /opt or /tmp";
  return {};
}

Arrangement arrange(const AuditSpec& spec, const Skill& skill, const StepPlaces& steps,
                    const std::string& home, Plan& plan) {
  const GuestPlaces places{steps, home};
  const bool is_test = !spec.scenario.empty();
  const bool of_author = spec.commands.empty();
  Arrangement arrangement;
  std::vector<std::string> setup;
  const Scenario* prompting =
      spec.agent.agent ? prompting_scenario(skill, spec.agent.prompts) : nullptr;
  if (of_author) {
    const Variables how = !spec.agent.agent ? Variables::OfSteps
                          : is_test         ? Variables::OfAll
                                            : Variables::None;
    add_authors(skill.surroundings, places, spec.given, how, arrangement);
    setup = skill.surroundings.setup;
    for (const Scenario& scenario : skill.scenarios) {
      const bool is_wanted = is_test                    ? scenario.name == spec.scenario
                             : scenario.prompts.empty() ? spec.agent.agent == nullptr
                                                        : &scenario == prompting;
      if (!is_wanted) continue;
      add_authors(scenario.surroundings, places, spec.given, how, arrangement);
      const std::vector<std::string>& more = scenario.surroundings.setup;
      setup.insert(setup.end(), more.begin(), more.end());
    }
  }
  add_given(spec.given, places, arrangement);
  if (spec.agent.agent == nullptr)
    arrange_steps(plan, of_author ? skill : Skill{}, spec.given, steps, home, !is_test);
  if (is_test || spec.trusts_setup)
    arrangement.setup = std::move(setup);
  else if (spec.agent.agent == nullptr)
    add_setup_steps(plan, setup);
  else if (!setup.empty())
    arrangement.told.emplace_back("audit.yaml's setup was left out: --setup runs it");
  for (const std::string& command : arrangement.setup)
    arrangement.told.push_back(
        fmt::format("audit.yaml's setup ran ahead and is not judged: {}", as_code(command, 120)));
  arrangement.texts = wanted_texts(spec, skill, places);
  tidy(arrangement, places);
  return arrangement;
}

}  // namespace skillaudit
