#include <algorithm>
#include <map>
#include <tuple>

#include "harness/analysis/assess.h"
#include "harness/analysis/score.h"
#include "harness/rules/rules.h"

namespace skillaudit {
namespace {

std::vector<Place> places_of(const Evidence& evidence, const Changes& changes) {
  const Environment& environment = evidence.environment;
  std::vector<Place> places;
  places.reserve(changes.files.size());
  for (const FileChange& change : changes.files)
    places.push_back(place_of(change.path(), environment.guest_home, environment.skill_dir));
  return places;
}

std::vector<Draft> find(const RuleInput& input) {
  Drafts drafts(input.rubric);
  for (auto* rules : {execution_rules,  file_rules,          persistence_rules,
                      permission_rules, package_rules,       process_rules,
                      service_rules,    cron_rules,          account_rules,
                      system_rules,     network_rules,       wire_rules,
                      credential_rules, tampering_rules,     git_rules,
                      agent_rules,      times_rules,         deleted_program_rules,
                      port_rules,       miner_rules,         download_rules,
                      decoy_copy_rules, documentation_rules, portability_rules,
                      static_rules,     trace_rules,         machine_rules,
                      boot_rules,       agent_call_rules}) {
    rules(input, drafts);
  }
  return drafts.all();
}

/// Sorts worst first and hands out the points: a rule's first offender costs `deduction`, each
/// further one `per_item`, all together at most `maximum`.
std::vector<Finding> with_points(std::vector<Draft> drafts, const Rubric& rubric) {
  std::stable_sort(drafts.begin(), drafts.end(), [&](const Draft& a, const Draft& b) {
    return std::tuple(rubric.rule(b.rule).severity, name_of(a.rule), std::string_view(a.title)) <
           std::tuple(rubric.rule(a.rule).severity, name_of(b.rule), std::string_view(b.title));
  });
  std::map<RuleId, double> taken;
  std::vector<Finding> findings;
  for (Draft& draft : drafts) {
    const RubricRule& rule = rubric.rule(draft.rule);
    const bool first = !taken.contains(draft.rule);
    double& total = taken[draft.rule];
    const double offenders = static_cast<double>(draft.offenders);
    const double wanted =
        first ? rule.deduction + (offenders - 1) * rule.per_item : offenders * rule.per_item;
    const double points = std::min(wanted, rule.maximum - total);
    total += points;
    findings.push_back({std::string(name_of(draft.rule)), rule.axis, rule.severity,
                        std::move(draft.title), std::move(draft.named.subjects),
                        draft.named.unnamed, std::move(draft.evidence),
                        std::move(draft.recommendation), points, rule.attack});
  }
  return findings;
}

}  // namespace

Assessment assess_changes(const Evidence& evidence, Changes changes, const Rubric& rubric) {
  Assessment assessment;
  assessment.changes = std::move(changes);
  const Documented documented(evidence);
  const std::vector<NewPackage> packages =
      new_package_roles(evidence, assessment.changes, documented);
  mark_folders(assessment.changes.files);
  const NewFolders folders = new_folders(assessment.changes.files);
  const std::vector<Place> places = places_of(evidence, assessment.changes);
  const ProcessTree processes(evidence);
  const RuleInput input{evidence, assessment.changes, rubric, documented, packages, folders,
                        places,   processes};
  assessment.findings = with_points(find(input), rubric);
  judge(assessment, evidence, rubric);
  return assessment;
}

}  // namespace skillaudit
