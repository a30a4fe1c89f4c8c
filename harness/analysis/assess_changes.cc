#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "harness/analysis/assess.h"
#include "harness/analysis/gaps.h"
#include "harness/analysis/rules.h"
#include "harness/analysis/verdict.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

constexpr std::size_t index_of(Axis axis) { return static_cast<std::size_t>(axis); }

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
                        std::move(draft.title), std::move(draft.evidence),
                        std::move(draft.recommendation), points, rule.attack});
  }
  return findings;
}

std::vector<Recommendation> recommendations_of(const std::vector<Finding>& findings) {
  std::vector<Recommendation> recommendations;
  std::set<std::string_view> seen;
  for (const Finding& finding : findings) {
    if (finding.recommendation.empty() || !seen.insert(finding.recommendation).second) continue;
    recommendations.push_back({finding.severity, finding.recommendation});
  }
  return recommendations;
}

bool any_step_ran(const Execution& execution) {
  return std::any_of(execution.steps.begin(), execution.steps.end(),
                     [](const Step& step) { return step.ran; });
}

/// Whether the evidence holds what the axis is judged by.
bool is_observed(Axis axis, const Evidence& evidence) {
  switch (axis) {
    case Axis::Execution:
      return any_step_ran(evidence.execution);
    case Axis::Cleanliness:
    case Axis::Security:
      return !evidence.before.files.empty() && !evidence.after.files.empty();
    case Axis::Portability:
    case Axis::Documentation:
      return !evidence.skill.texts.empty();
  }
  return false;
}

void score(Assessment& assessment, const Evidence& evidence, const Rubric& rubric) {
  std::array<double, 5> points{};
  for (const Finding& finding : assessment.findings) {
    points[index_of(finding.axis)] += finding.deduction;
  }
  double overall = 0;
  bool whole = true;
  for (const Axis axis : kAxes) {
    if (!is_observed(axis, evidence)) {
      whole = false;
      continue;
    }
    const double value = std::max(0.0, 100.0 - points[index_of(axis)]);
    assessment.scores[index_of(axis)] = value;
    overall += value * rubric.weights[index_of(axis)];
  }
  // Cut, not rounded; the small term takes back what binary fractions lose of 90.0.
  if (whole) assessment.overall = std::floor(overall * 10 + 1e-6) / 10;
}

std::vector<std::string> missing_evidence(const Assessment& assessment, const Evidence& evidence) {
  std::vector<std::string> missing;
  const auto add = [&](std::string_view what, const std::vector<std::string>& gaps) {
    for (const std::string& gap : gaps) {
      missing.push_back(fmt::format("{}{}", what, shorten(printable(gap), 300)));
    }
  };
  add("evidence is missing: ", evidence.gaps);
  for (const auto& [what, snapshot] :
       {std::pair("before", &evidence.before), std::pair("after", &evidence.after)}) {
    if (is_uncaptured(*snapshot))
      add("evidence is missing: ", {fmt::format("the state {} the run was not captured", what)});
    else
      add(fmt::format("evidence is missing {} the run: ", what), snapshot->gaps);
  }
  if (!evidence.execution.aborted.empty()) {
    add("the run was cut short: ", {evidence.execution.aborted});
  }
  for (const Axis axis : kAxes) {
    if (!assessment.scores[index_of(axis)]) {
      missing.push_back(fmt::format("{} could not be observed{}", name_of(axis),
                                    axis == Axis::Execution ? ": no step ran" : ""));
    }
  }
  return missing;
}

void decide(Assessment& assessment, const Evidence& evidence, const Rubric& rubric) {
  bool rejects = false;
  std::optional<Grade> cap;
  std::set<std::string> said;
  const auto because = [&](std::string reason) {
    if (said.insert(reason).second) assessment.reasons.push_back(std::move(reason));
  };
  for (const Finding& finding : assessment.findings) {
    const RubricRule& rule = rubric.rule(*rule_from_name(finding.rule));
    if (rule.rejects) {
      rejects = true;
      because(finding.rule + " rejects the skill");
    }
    if (finding.axis != Axis::Security || finding.severity < Severity::High) continue;
    const bool critical = finding.severity == Severity::Critical;
    rejects = rejects || critical;
    const Grade limit = critical ? rubric.cap_security_critical : rubric.cap_security_high;
    cap = cap ? std::max(*cap, limit) : limit;
    because(critical ? fmt::format("a CRITICAL security finding ({}) caps the grade at {}",
                                   finding.rule, name_of(limit))
                     : fmt::format("a HIGH security finding ({}) caps the grade at {}",
                                   finding.rule, name_of(limit)));
  }
  if (assessment.overall) assessment.grade = grade_for(*assessment.overall, rubric);
  if (assessment.grade && cap) assessment.grade = std::max(*assessment.grade, *cap);
  // What rejects needs no whole evidence, and neither does the grade that says so.
  if (!assessment.grade && cap == Grade::F) assessment.grade = Grade::F;

  const std::vector<std::string> missing = missing_evidence(assessment, evidence);
  for (const std::string& each : missing) because(each);
  if (rejects || assessment.grade == Grade::F) {
    assessment.verdict = Verdict::Rejected;
  } else if (!missing.empty()) {
    assessment.verdict = Verdict::Inconclusive;
  } else if (cap || *assessment.grade >= Grade::C) {
    assessment.verdict = Verdict::NeedsReview;
  } else {
    assessment.verdict = Verdict::Approved;
    assessment.after_fixing =
        std::any_of(assessment.recommendations.begin(), assessment.recommendations.end(),
                    [](const Recommendation& each) { return each.severity >= Severity::High; });
  }
  if (assessment.grade && assessment.overall && !cap) {
    because(fmt::format("the overall score {:.1f} is grade {}", *assessment.overall,
                        name_of(*assessment.grade)));
  }
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
  assessment.recommendations = recommendations_of(assessment.findings);
  score(assessment, evidence, rubric);
  decide(assessment, evidence, rubric);
  return assessment;
}

}  // namespace skillaudit
