#include <algorithm>
#include <optional>

#include "harness/rules/rules.h"

namespace skillaudit {
namespace {

/// Each package manager's packages are a table of their own.
Citation cite_package(Moment moment, const Package& package) {
  const Table table = table_from_name(package.manager).value_or(Table::Packages);
  return cite(source::table(moment, table),
              package.manager + " " + package.name + " " + package.version +
                  (package.location.empty() ? "" : " in " + package.location));
}

std::optional<RuleId> documentation_rule(PackageRole role) {
  switch (role) {
    case PackageRole::Required:
      return RuleId::DocumentationUndocumentedDependency;
    case PackageRole::Optional:
      return RuleId::DocumentationOptionalDependency;
    case PackageRole::Unused:
      return RuleId::DocumentationUnusedPackage;
    case PackageRole::Dependency:
      break;
  }
  return std::nullopt;
}

/// What stays behind, on the Cleanliness axis: one finding for all packages of a scope.
void left_behind(const RuleInput& input, Drafts& drafts, RuleId rule, PackageScope scope) {
  std::vector<std::string> names;
  std::vector<Citation> evidence;
  for (const NewPackage& each : input.packages) {
    if (each.scope != scope || each.role == PackageRole::Dependency) continue;
    if (each.documented && input.excusable(rule, Excuse::Package)) continue;
    names.push_back(each.package.name);
    evidence.push_back(cite_package(Moment::After, each.package));
  }
  const std::size_t count = names.size();
  if (count > 0) drafts.add(rule, {quoted_list(names, 8), "", ""}, std::move(evidence), count);
}

}  // namespace

void package_rules(const RuleInput& input, Drafts& drafts) {
  left_behind(input, drafts, RuleId::PackagesUndocumentedSystem, PackageScope::System);
  left_behind(input, drafts, RuleId::PackagesUndocumentedGlobal, PackageScope::Account);

  std::vector<Offender> by_role[3];
  for (const NewPackage& each : input.packages) {
    const auto rule = documentation_rule(each.role);
    if (!rule || each.scope == PackageScope::Project) continue;
    if (each.documented && input.excusable(*rule, Excuse::Package)) continue;
    Offender offender;
    offender.words.what = quoted(each.package.name);
    offender.evidence.push_back(cite_package(Moment::After, each.package));
    for (const PackageUse& use : each.uses) offender.evidence.push_back({use.source, use.text});
    by_role[static_cast<std::size_t>(each.role)].push_back(std::move(offender));
  }
  for (const PackageRole role :
       {PackageRole::Required, PackageRole::Optional, PackageRole::Unused}) {
    drafts.add_each(*documentation_rule(role), by_role[static_cast<std::size_t>(role)]);
  }

  std::vector<Offender> removed;
  std::vector<Offender> changed;
  for (const RowChange<Package>& change : input.changes.packages) {
    Offender offender;
    offender.words.what = quoted(change.before.name);
    if (change.kind == ChangeKind::Deleted) {
      offender.evidence.push_back(cite_package(Moment::Before, change.before));
      removed.push_back(std::move(offender));
    } else if (change.kind == ChangeKind::Modified) {
      if (input.excusable(RuleId::PackagesChangedVersion, Excuse::Package) &&
          input.documented.package(change.before.name)) {
        continue;
      }
      offender.evidence.push_back(cite_package(Moment::Before, change.before));
      offender.evidence.push_back(cite_package(Moment::After, change.after));
      changed.push_back(std::move(offender));
    }
  }
  drafts.add_each(RuleId::PackagesRemoved, removed);
  drafts.add_each(RuleId::PackagesChangedVersion, changed);
}

}  // namespace skillaudit
