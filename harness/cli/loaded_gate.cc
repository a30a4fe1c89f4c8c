#include "harness/cli/loaded_gate.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/analysis/assess.h"
#include "harness/analysis/verdict.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/cli/asked_result.h"
#include "harness/gate/calendar_day.h"
#include "reports/gate_report.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;

std::string text_of_file(const std::string& path, std::string_view what) {
  if (!fs::is_regular_file(path))
    fail(ErrorKind::Usage, "{} {} does not exist or is not a file", what, printable(path));
  return read_file(path);
}

/// "hosts,packages", or "all".
std::optional<std::set<std::string>> kinds_of(const std::string& list) {
  if (list == "all") return std::nullopt;
  std::set<std::string> kinds;
  for (const std::string_view part : split(list, ',')) {
    const std::string kind(trim(part));
    const auto& known = kinds_of_news();
    if (std::find(known.begin(), known.end(), kind) == known.end())
      fail(ErrorKind::Usage, "--fail-on-new is '{}': give kinds separated by commas, of {}, or all",
           printable(shorten(list, 80)), join(known, ", "));
    kinds.insert(kind);
  }
  return kinds;
}

}  // namespace

Release load_release(const fs::path& path, const Rubric& rubric) {
  if (fs::is_directory(path)) {
    const AuditResult audit = assess_bundle(path, rubric);
    return release_of(audit.evidence, audit.assessment);
  }
  if (!fs::is_regular_file(path))
    fail(ErrorKind::Usage,
         "there is no report {}: give a report.json, or the folder that `skillaudit "
         "run` wrote",
         printable(path.string()));
  return read_release(read_file(path), printable(path.string()));
}

LoadedGate::LoadedGate(const GateOptions& options, std::shared_ptr<const Rubric> rubric,
                       bool news_fail)
    : rubric_(std::move(rubric)) {
  if (!options.policy.empty())
    rules_.policy = load_gate_policy(text_of_file(options.policy, "the policy"),
                                     printable(options.policy), *rubric_);
  if (!options.coverage.empty()) rules_.policy.coverage = percent_of(options.coverage);
  if (!options.accept.empty())
    rules_.accepted = load_acceptances(text_of_file(options.accept, "the acceptance file"),
                                       printable(options.accept), *rubric_);
  if (!options.date.empty() && !is_calendar_day(options.date))
    fail(ErrorKind::Usage, "--date is '{}': give a date such as 2027-01-31",
         printable(shorten(options.date, 40)));
  rules_.today = options.date.empty() ? today() : options.date;
  if (!options.fail_on_new.empty()) {
    if (options.baselines.empty())
      fail(ErrorKind::Usage, "--fail-on-new needs --baseline, the release to compare with");
    rules_.policy.fail_on_new = kinds_of(options.fail_on_new);
  } else if (!news_fail && !rules_.policy.fail_on_new) {
    rules_.policy.fail_on_new.emplace();
  }
  for (const std::string& path : options.baselines) {
    Baseline baseline{printable(path), load_release(path, *rubric_), false};
    for (const Baseline& other : baselines_)
      if (other.release.skill == baseline.release.skill)
        fail(ErrorKind::Usage,
             "the baselines {} and {} are both for the skill {}: give one of them", other.path,
             baseline.path, other.release.skill);
    baselines_.push_back(std::move(baseline));
  }
}

GateResult LoadedGate::pass(const AuditResult& audit) {
  const std::string skill = printable(audit.evidence.skill.name);
  const auto [seen, is_first] = seen_.try_emplace(skill, audit.evidence.skill.sha256);
  if (!is_first && seen->second != audit.evidence.skill.sha256)
    fail(ErrorKind::Skill,
         "two audits are of skills named {} with different files, the second in {}: rename one "
         "skill, or call the gate for each audit separately",
         skill, printable(audit.bundle.string()));
  rules_.baseline.reset();
  std::vector<std::string> others;
  for (Baseline& baseline : baselines_) {
    others.push_back(fmt::format("{} of {}", baseline.path, baseline.release.skill));
    if (baseline.release.skill != skill) continue;
    rules_.baseline = baseline.release;
    baseline.used = true;
  }
  if (!baselines_.empty() && !rules_.baseline)
    fail(ErrorKind::Skill, "no baseline for the skill {}: --baseline is {}", skill,
         join(others, ", "));
  return pass_gate(audit.evidence, audit.assessment, rubric_of(audit.assessment), rules_);
}

void LoadedGate::require_baselines_used() const {
  for (const Baseline& baseline : baselines_)
    if (!baseline.used)
      fail(ErrorKind::Skill,
           "the baseline {} is for the skill {}, but no bundle is an audit of it: give a "
           "baseline for an audited skill",
           baseline.path, baseline.release.skill);
}

GateAnswer pass_all(LoadedGate& gate, const std::vector<fs::path>& bundles) {
  GateAnswer answer;
  std::vector<int> codes;
  for (const fs::path& bundle : bundles) {
    answer.results.push_back(gate.pass(assess_bundle(bundle, gate.rubric())));
    codes.push_back(answer.results.back().exit_code);
  }
  gate.require_baselines_used();
  answer.stale = gate.stale(answer.results);
  answer.exit_code = worst_exit_code(codes);
  return answer;
}

void print(const GateAnswer& answer) {
  for (const GateResult& result : answer.results) fmt::print("{}", render_gate_text(result));
  for (const std::string& sentence : answer.stale) fmt::print(stderr, "{}\n", sentence);
}

}  // namespace skillaudit
