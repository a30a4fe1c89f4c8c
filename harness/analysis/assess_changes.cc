#include <algorithm>
#include <map>
#include <tuple>

#include "harness/analysis/assess.h"
#include "harness/analysis/coverage.h"
#include "harness/analysis/harm.h"
#include "harness/analysis/score.h"
#include "harness/analysis/unexercised.h"
#include "harness/analysis/unmeasured.h"
#include "harness/analysis/worlds.h"
#include "harness/base/error.h"
#include "harness/changes/step_ends.h"
#include "harness/consent/consent.h"
#include "harness/rules/file_effects.h"
#include "harness/rules/run_rules.h"

namespace skillaudit {
namespace {

std::vector<Place> places_of(const Evidence& evidence, const Changes& changes) {
  const Environment& environment = evidence.environment;
  std::vector<Place> places;
  places.reserve(changes.files.size());
  const OpenProject projects(evidence);
  for (const FileChange& change : changes.files) {
    // A project outside the home is the user's as well.
    const std::string_view project = projects.folder_of(change.path());
    places.push_back(place_of(change.path(),
                              project.empty() ? environment.guest_home : parent_of(project),
                              environment.skill_dir));
  }
  return places;
}

/// What relative paths and the home mean in the skill's documents.
ConsentPlaces consent_places(const Evidence& evidence) {
  const Environment& environment = evidence.environment;
  return {.home = environment.guest_home,
          .skill_dir = environment.skill_dir,
          .projects = project_folders(evidence)};
}

/// Sorts worst first and hands out the points: a rule's first offender costs `deduction`, each
/// further one `per_item`, all together at most `maximum`.
std::vector<Finding> with_points(std::vector<Draft> drafts) {
  std::stable_sort(drafts.begin(), drafts.end(), [](const Draft& a, const Draft& b) {
    return std::tuple(b.rule->severity, std::string_view(a.rule->id), std::string_view(a.title)) <
           std::tuple(a.rule->severity, std::string_view(b.rule->id), std::string_view(b.title));
  });
  std::map<const RubricRule*, double> taken;
  std::vector<Finding> findings;
  for (Draft& draft : drafts) {
    const RubricRule& rule = *draft.rule;
    const bool first = !taken.contains(draft.rule);
    double& total = taken[draft.rule];
    const double offenders = static_cast<double>(draft.offenders);
    const double wanted =
        first ? rule.deduction + (offenders - 1) * rule.per_item : offenders * rule.per_item;
    const double points = std::min(wanted, rule.maximum - total);
    total += points;
    findings.push_back({rule.id, rule.axis, rule.severity, std::move(draft.title),
                        std::move(draft.named.subjects), draft.named.unnamed,
                        std::move(draft.evidence), std::move(draft.recommendation), points,
                        rule.attack, rule.effect_class, draft.named.extent, std::move(draft.worlds),
                        rule.sections});
  }
  return findings;
}

/// What one clone's evidence comes to.
struct Judged {
  Changes changes;
  std::vector<StepEnd> ends;
  std::vector<Draft> drafts;
  std::vector<ConsentedEffect> consented;
};

Judged judge_clone(const Evidence& evidence, Changes found, const Rubric& rubric) {
  Judged judged{.changes = std::move(found), .ends = {}, .drafts = {}, .consented = {}};
  const Documented documented(evidence);
  const Consent consent(evidence.skill, consent_places(evidence));
  const std::vector<NewPackage> packages = new_package_roles(evidence, judged.changes, documented);
  mark_folders(judged.changes.files);
  const NewFolders folders = new_folders(judged.changes.files);
  const std::vector<Place> places = places_of(evidence, judged.changes);
  const ProcessTree processes(evidence);
  judged.ends = step_ends(evidence, processes);
  const RuleInput input{.evidence = evidence,
                        .changes = judged.changes,
                        .rubric = rubric,
                        .documented = documented,
                        .consent = consent,
                        .packages = packages,
                        .folders = folders,
                        .places = places,
                        .processes = processes,
                        .ends = judged.ends};
  const Drafts drafts = run_rules(input);
  judged.drafts = drafts.all();
  judged.consented = drafts.consented();
  return judged;
}

}  // namespace

Assessment assess_changes(const Evidence& evidence, Changes changes, const Rubric& rubric) {
  Assessment assessment;
  Judged own = judge_clone(evidence, std::move(changes), rubric);
  assessment.consented = std::move(own.consented);
  assessment.changes = std::move(own.changes);
  assessment.ends = std::move(own.ends);
  assessment.coverage = coverage_of(evidence, assessment.ends);
  assessment.unexercised = unexercised_steps(evidence, assessment.ends);
  append(assessment.unexercised, unexercised_lines(evidence, assessment.coverage));
  append(assessment.unexercised, unmeasured_code(evidence, assessment.coverage));
  for (const Evidence& world : evidence.worlds) {
    const Judged there = judge_clone(world, compare(world), rubric);
    join_world(world.world, there.drafts, own.drafts);
    append(assessment.unexercised, unfinished_in(world, evidence));
  }
  assessment.findings = with_points(std::move(own.drafts));
  judge(assessment, evidence, rubric);
  assessment.rubric = std::make_shared<const Rubric>(rubric);
  return assessment;
}

const Rubric& rubric_of(const Assessment& assessment) {
  if (!assessment.rubric) fail(ErrorKind::Internal, "the audit was not assessed");
  return *assessment.rubric;
}

}  // namespace skillaudit
