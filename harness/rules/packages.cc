#include <algorithm>

#include "harness/rules/effect.h"

namespace skillaudit {
namespace {

/// Each package manager's packages are a table of their own.
Citation cite_package(Moment moment, const Package& package) {
  const Table table = table_from_name(package.manager).value_or(Table::Packages);
  return cite(source::table(moment, table),
              package.manager + " " + package.name + " " + package.version +
                  (package.location.empty() ? "" : " in " + package.location));
}

Traits traits_of(const NewPackage& each) {
  static constexpr std::array kRoles = {Trait::Required, Trait::Optional, Trait::Unused,
                                        Trait::Dependency};
  static constexpr std::array kScopes = {Trait::SystemWide, Trait::AccountWide,
                                         Trait::InOneProject};
  return skillaudit::traits_of(
      {kRoles[static_cast<std::size_t>(each.role)], kScopes[static_cast<std::size_t>(each.scope)]});
}

void install_effects(const RuleInput& input, Found& found) {
  for (const NewPackage& each : input.packages) {
    found.add({.verb = Verb::Install,
               .object = ObjectKind::Package,
               .name = each.package.name,
               .traits = traits_of(each),
               .takes_root = each.scope == PackageScope::System,
               .named = [&](EffectClass) { return package_named(input, each.package.name); }},
              [&] {
                Offender offender;
                offender.words.what = as_code(each.package.name);
                offender.evidence.push_back(cite_package(Moment::After, each.package));
                for (const PackageUse& use : each.uses)
                  offender.evidence.push_back({use.source, use.text});
                return offender;
              });
  }
}

}  // namespace

void package_effects(const RuleInput& input, Found& found) {
  install_effects(input, found);
  for (const RowChange<Package>& change : input.changes.packages) {
    if (change.kind == ChangeKind::Added) continue;
    const bool is_gone = change.kind == ChangeKind::Deleted;
    found.add({.verb = is_gone ? Verb::Delete : Verb::Modify,
               .object = ObjectKind::Package,
               .name = change.before.name,
               .takes_root = change.before.manager == "dpkg",
               .named = [&](EffectClass) { return package_named(input, change.before.name); }},
              [&] {
                Offender offender;
                offender.words.what = as_code(change.before.name);
                offender.evidence.push_back(cite_package(Moment::Before, change.before));
                if (!is_gone)
                  offender.evidence.push_back(cite_package(Moment::After, change.after));
                return offender;
              });
  }
}

}  // namespace skillaudit
