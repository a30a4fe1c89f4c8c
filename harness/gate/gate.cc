#include "harness/gate/gate.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/analysis/score.h"
#include "harness/analysis/verdict.h"
#include "harness/base/glob.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

const RuleChange* change_of(const GatePolicy& policy, std::string_view rule) {
  const auto found = std::find_if(policy.rules.begin(), policy.rules.end(),
                                  [&](const RuleChange& each) { return each.rule == rule; });
  return found == policy.rules.end() ? nullptr : &*found;
}

/// What a finding makes of the verdict where a team gives its rule a severity of its own.
EffectClass class_for(Severity severity) {
  switch (severity) {
    case Severity::Low:
    case Severity::Medium:
      return EffectClass::Litter;
    case Severity::High:
      return EffectClass::Exposing;
    case Severity::Critical:
      break;
  }
  return EffectClass::Tampering;
}

/// The rubric with the policy's severities.
Rubric with_policy(Rubric rubric, const GatePolicy& policy) {
  for (const RuleChange& change : policy.rules) {
    if (!change.severity) continue;
    for (RubricRule& rule : rubric.rules) {
      if (rule.id != change.rule) continue;
      if (*change.severity == rule.severity) continue;
      rule.needs_review = rule.needs_review && *change.severity >= rule.severity;
      rule.effect_class = class_for(*change.severity);
      rule.severity = *change.severity;
    }
  }
  return rubric;
}

/// "api.example.org" of "https://api.example.org", "name api.example.org" and itself;
/// "192.0.2.1:53" of "udp 192.0.2.1:53".
std::string_view host_in(std::string_view contact) {
  if (const std::size_t scheme = contact.find("://"); scheme != std::string_view::npos)
    return contact.substr(scheme + 3);
  // The first: a name that somebody asks for may hold blanks of its own.
  const std::size_t blank = contact.find(' ');
  return blank == std::string_view::npos ? contact : contact.substr(blank + 1);
}

bool is_host_of(const std::vector<std::string>& patterns, std::string_view contact) {
  const std::string_view host = host_in(contact);
  return std::any_of(patterns.begin(), patterns.end(), [&](std::string_view pattern) {
    if (!pattern.starts_with("*.")) return pattern == host;
    return host.size() > pattern.size() - 1 && host.ends_with(pattern.substr(1));
  });
}

/// Findings that say no more than that a host was addressed. What else is wrong with it (plain
/// HTTP, a tunnel, a way past the proxy) stays.
bool is_about_hosts(const Finding& finding) { return finding.is_in(ReportSection::Hosts); }

bool is_allowed(const GatePolicy& policy, const Finding& finding) {
  return policy.hosts && is_about_hosts(finding) && finding.unnamed == 0 &&
         !finding.subjects.empty() &&
         std::all_of(finding.subjects.begin(), finding.subjects.end(),
                     [&](const std::string& each) { return is_host_of(*policy.hosts, each); });
}

class Gate {
 public:
  Gate(const Evidence& evidence, const Assessment& assessment, const GateRules& rules)
      : evidence_(evidence),
        assessment_(assessment),
        rules_(rules),
        capabilities_(capabilities_of(evidence, assessment)) {
    result_.skill = printable(evidence.skill.name);
  }

  GateResult pass(const Rubric& rubric) {
    result_.added = rubric.added;
    if (rules_.baseline)
      result_.since = compare(*rules_.baseline, release_of(evidence_, assessment_, capabilities_));
    for (std::size_t i = 0; i < assessment_.findings.size(); ++i) judge_finding(i);
    judge_in_force(with_policy(rubric, rules_.policy));
    ask_verdict();
    ask_scores();
    ask_coverage();
    ask_findings();
    ask_hosts();
    ask_capabilities();
    ask_news();
    result_.passed = result_.failures.empty();
    result_.exit_code = result_.passed ? 0 : std::max(1, exit_code(in_force_, {}));
    return std::move(result_);
  }

 private:
  void refuse(std::string why) { result_.failures.push_back(std::move(why)); }

  void judge_finding(std::size_t i) {
    const Finding& finding = assessment_.findings[i];
    GateFinding judged{.rule = finding.rule, .title = finding.title, .severity = finding.severity};
    if (result_.since) judged.is_new = result_.since->new_findings[i];
    const RuleChange* const change = change_of(rules_.policy, finding.rule);
    if (change != nullptr) {
      judged.reason = printable(change->reason);
      judged.severity = change->severity.value_or(finding.severity);
      if (!change->severity) judged.standing = Standing::Off;
    }
    if (judged.standing == Standing::Counts && is_allowed(rules_.policy, finding))
      judged.standing = Standing::Allowed;
    // Each entry that speaks of it is of use, though one is enough.
    for (std::size_t entry = 0; entry < rules_.accepted.entries.size(); ++entry) {
      const Acceptance& accepted = rules_.accepted.entries[entry];
      if (!speaks_of(accepted, finding, evidence_.skill.name)) continue;
      if (std::find(result_.used.begin(), result_.used.end(), entry) == result_.used.end())
        result_.used.push_back(entry);
      if (judged.standing != Standing::Counts || is_expired(accepted, rules_.today)) continue;
      judged.standing = Standing::Accepted;
      judged.reason = printable(accepted.reason);
      judged.until = accepted.expires;
    }
    result_.findings.push_back(std::move(judged));
  }

  void judge_in_force(const Rubric& rubric) {
    for (std::size_t i = 0; i < assessment_.findings.size(); ++i) {
      if (result_.findings[i].standing != Standing::Counts) continue;
      in_force_.findings.push_back(assessment_.findings[i]);
      in_force_.findings.back().severity = result_.findings[i].severity;
    }
    judge(in_force_, evidence_, rubric);
    result_.in_force = outcome_of(in_force_);
    result_.reasons = in_force_.reasons;
  }

  void ask_verdict() {
    const std::set<Verdict>& wanted = rules_.policy.verdicts;
    if (wanted.contains(in_force_.verdict)) return;
    std::vector<std::string> names;
    for (const Verdict each : wanted) names.emplace_back(name_of(each));
    refuse(fmt::format("the verdict is {}; required: {}", name_of(in_force_.verdict),
                       join(names, " or ")));
  }

  void ask_scores() {
    const GatePolicy& policy = rules_.policy;
    if (policy.grade && (!in_force_.grade || *in_force_.grade > *policy.grade))
      refuse(fmt::format("the grade is {}; required: {} or better",
                         in_force_.grade ? name_of(*in_force_.grade) : "none",
                         name_of(*policy.grade)));
    const auto ask = [&](std::string_view what, const std::optional<double>& score,
                         const std::optional<double>& least) {
      if (!least || (score && *score >= *least)) return;
      refuse(fmt::format("{} is {}; required: {:g} or more", what, score_text(score), *least));
    };
    ask("the overall score", in_force_.overall, policy.overall);
    for (const Axis axis : kAxes) {
      const auto i = static_cast<std::size_t>(axis);
      ask(name_of(axis), in_force_.scores[i], policy.scores[i]);
    }
  }

  void ask_coverage() {
    const std::optional<double>& least = rules_.policy.coverage;
    const SkillCoverage& coverage = assessment_.coverage;
    if (!least || covers(coverage, *least)) return;
    const std::optional<int> percent = coverage.percent();
    refuse(percent
               ? fmt::format("{} % of the lines ran; required: {:g} % or more", *percent, *least)
               : fmt::format("the lines that ran were not measured ({}); required: {:g} % or "
                             "more",
                             printable(coverage.lines_problem), *least));
  }

  void ask_findings() {
    if (!rules_.policy.fail_from) return;
    for (const Finding& finding : in_force_.findings)
      if (finding.severity >= *rules_.policy.fail_from)
        refuse(fmt::format("{} {}: {}", name_of(finding.severity), finding.rule, finding.title));
  }

  void ask_hosts() {
    if (!rules_.policy.hosts) return;
    for (const std::string& contact : capabilities_.of(CapabilityKind::Host))
      if (!is_host_of(*rules_.policy.hosts, contact))
        refuse(fmt::format("the skill contacts {}, which is not in the policy's `hosts`",
                           shorten(contact, 200)));
  }

  void ask_capabilities() {
    for (const auto& [kind, allowed] : rules_.policy.capabilities)
      for (const std::string& name : capabilities_.of(kind))
        if (std::none_of(allowed.begin(), allowed.end(),
                         [&](const std::string& glob) { return matches_glob(glob, name); }))
          refuse(fmt::format("{}: {} is not in the policy's `capabilities`", name_of(kind),
                             shorten(name, 200)));
  }

  /// A finding that somebody accepted is no news, and neither are the points that it took; a host
  /// of it is, unless the policy names it.
  void ask_news() {
    if (!result_.since) return;
    const std::optional<std::set<std::string>>& kinds = rules_.policy.fail_on_new;
    if (result_.since->before.outcome.verdict == Verdict::Inconclusive)
      result_.notes.emplace_back(
          "the baseline is INCONCLUSIVE: anything it did not observe counts as new");
    ReleaseDiff diff = *result_.since;
    diff.scores = score_changes(diff.before.outcome, result_.in_force);
    std::erase_if(diff.added, [&](const ReleaseDiff::Item& item) {
      return item.kind == "findings" || (item.kind == "hosts" && rules_.policy.hosts &&
                                         is_host_of(*rules_.policy.hosts, item.name));
    });
    for (std::size_t i = 0; i < result_.findings.size(); ++i) {
      const GateFinding& judged = result_.findings[i];
      const Finding& finding = assessment_.findings[i];
      if (judged.is_new && judged.standing == Standing::Counts)
        diff.added.push_back({"findings", fmt::format("{} {}: {}", name_of(judged.severity),
                                                      finding.rule, finding.title)});
    }
    for (const News& each : what_is_new(diff)) {
      // Which commands a release runs changes with every release: it fails where somebody asks for
      // it.
      if (kinds ? kinds->contains(each.kind) : each.kind != name_of(CapabilityKind::Run))
        refuse(each.sentence);
      else
        result_.notes.push_back("since the baseline: " + each.sentence);
    }
  }

  const Evidence& evidence_;
  const Assessment& assessment_;
  const GateRules& rules_;
  const SkillCapabilities capabilities_;
  Assessment in_force_;
  GateResult result_;
};

}  // namespace

std::string_view name_of(Standing standing) {
  switch (standing) {
    case Standing::Counts:
      return "counts";
    case Standing::Accepted:
      return "accepted";
    case Standing::Off:
      return "off";
    case Standing::Allowed:
      return "allowed";
  }
  return "";
}

GateResult pass_gate(const Evidence& evidence, const Assessment& assessment, const Rubric& rubric,
                     const GateRules& rules) {
  return Gate(evidence, assessment, rules).pass(rubric);
}

std::vector<std::string> stale_acceptances(const Acceptances& accepted,
                                           const std::vector<GateResult>& results,
                                           std::string_view today) {
  std::vector<std::string> sentences;
  for (std::size_t i = 0; i < accepted.entries.size(); ++i) {
    const Acceptance& entry = accepted.entries[i];
    const bool concerned =
        std::any_of(results.begin(), results.end(), [&](const GateResult& result) {
          return entry.skill.empty() || printable(entry.skill) == result.skill;
        });
    if (!concerned) continue;
    const bool used = std::any_of(results.begin(), results.end(), [&](const GateResult& result) {
      return std::find(result.used.begin(), result.used.end(), i) != result.used.end();
    });
    const std::string what =
        fmt::format("{}:{}: the acceptance of {}{}", accepted.file, entry.line, entry.rule,
                    entry.skill.empty() ? "" : " by " + printable(entry.skill));
    if (is_expired(entry, today))
      sentences.push_back(fmt::format("{} expired on {}{}", what, entry.expires,
                                      used ? ": review the finding again, or have it fixed"
                                           : " and is no longer needed: remove it"));
    else if (!used)
      sentences.push_back(what + " is not needed: no audit has this finding; remove it");
  }
  return sentences;
}

}  // namespace skillaudit
