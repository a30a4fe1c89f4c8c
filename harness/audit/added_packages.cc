#include "harness/audit/added_packages.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <system_error>

#include "harness/audit/missing_documents.h"
#include "harness/audit/sandbox.h"
#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/rules/rules.h"

namespace skillaudit {

namespace fs = std::filesystem;

std::vector<std::string> packages_of_author(const AuditSpec& spec, const Skill& skill) {
  std::vector<std::string> packages = skill.surroundings.packages;
  for (const Scenario& scenario : skill.scenarios)
    if (spec.scenario.empty() || spec.scenario == scenario.name)
      packages.insert(packages.end(), scenario.surroundings.packages.begin(),
                      scenario.surroundings.packages.end());
  return packages;
}

PackageRounds packages_for(const AuditSpec& spec, const Skill& skill,
                           const std::vector<MissingThing>& missing) {
  std::map<int, std::set<std::string>> by_round;
  std::set<std::string>& packages = by_round[0];
  packages.insert(spec.given.packages.begin(), spec.given.packages.end());
  if (spec.adds_packages)
    for (const std::string& each : packages_of_author(spec, skill))
      if (std::find(spec.left_out.begin(), spec.left_out.end(), each) == spec.left_out.end())
        packages.insert(each);
  for (const MissingThing& each : missing)
    if (!each.want.starts_with(kDocumentWant) && !packages.contains(each.want))
      by_round[each.round].insert(each.want);
  PackageRounds rounds;
  for (const auto& [round, wants] : by_round)
    if (!wants.empty()) rounds.emplace_back(wants.begin(), wants.end());
  return rounds;
}

bool can_add(MachineProvider& provider, const AuditSpec& spec, const Skill& skill,
             const std::vector<MissingThing>& missing, std::size_t had, Progress& progress) {
  const std::vector<MissingThing> further(missing.begin() + static_cast<std::ptrdiff_t>(had),
                                          missing.end());
  const std::vector<std::string> documents = documents_among(further);
  if (documents.size() == further.size()) return !documents.empty();
  const PackageRounds packages = packages_for(spec, skill, missing);
  try {
    const MachineBase base = prepare_base(provider, spec.os, spec.agent.agent, progress, packages);
    return !documents.empty() ||
           std::any_of(further.begin(), further.end(), [&](const MissingThing& each) {
             return std::any_of(base.added.begin(), base.added.end(), [&](const auto& added) {
               return added.starts_with(each.want + "\t");
             });
           });
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Environment) throw;
    progress.detail(error.what());
    return false;
  }
}

void tell_packages(const MachineBase& base, const std::vector<MissingThing>& missing,
                   const std::vector<std::string>& left_out, std::vector<std::string>& told) {
  const auto why = [&](std::string_view want) -> std::string {
    for (const MissingThing& each : missing)
      if (each.want == want)
        return fmt::format(", since the step {} needs {} and the machine lacks it",
                           as_code(each.step), as_code(want.substr(want.find(':') + 1)));
    return ", as asked for";
  };
  for (const MissingThing& each : missing)
    if (each.want.starts_with(kDocumentWant))
      told.push_back(fmt::format("a document {} was made, since the step {} needs it",
                                 as_code(each.want.substr(kDocumentWant.size())),
                                 as_code(each.step)));
  for (const std::string& each : left_out)
    told.push_back(
        fmt::format("the package {} of audit.yaml was left out: the skill installs it "
                    "itself",
                    as_code(each)));
  for (const std::string& each : base.added) {
    const std::vector<std::string_view> parts = split(each, '\t');
    told.push_back(fmt::format("the package {} was added before the audit{}", as_code(parts.back()),
                               why(parts.front())));
  }
  for (const std::string& each : base.not_added) {
    const std::vector<std::string_view> parts = split(each, '\t');
    told.push_back(fmt::format("{} could not be added, which costs the skill nothing: {}",
                               as_code(parts.front()), printable(parts.back())));
  }
}

void require_packages(const MachineBase& base, const Surroundings& given, const std::string& os) {
  for (const std::string& each : base.not_added) {
    const std::vector<std::string_view> parts = split(each, '\t');
    const std::string want(parts.front());
    if (want.find(':') == std::string::npos &&
        std::find(given.packages.begin(), given.packages.end(), want) != given.packages.end())
      fail(ErrorKind::Usage, "--package {} cannot be installed on {}: {}", want, os, parts.back());
  }
}

FirstBundle::FirstBundle(const fs::path& bundle)
    : bundle_(bundle), aside_(bundle.string() + ".first") {
  std::error_code error;
  fs::remove_all(aside_, error);
  fs::rename(bundle_, aside_, error);
  if (error)
    fail(ErrorKind::Environment, "cannot move {} aside: {}", bundle_.string(), error.message());
}

FirstBundle::~FirstBundle() {
  if (aside_.empty()) return;
  std::error_code ignored;
  fs::remove_all(bundle_, ignored);
  fs::rename(aside_, bundle_, ignored);
}

void FirstBundle::drop() {
  std::error_code ignored;
  fs::remove_all(aside_, ignored);
  aside_.clear();
}

}  // namespace skillaudit
