#include "harness/gate/policy.h"

#include <fmt/core.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cmath>

#include "harness/base/ascii.h"
#include "harness/base/text.h"
#include "harness/effects/capabilities.h"
#include "harness/gate/gate_yaml.h"

namespace skillaudit {
namespace {

template <typename Value>
Value named(const YamlSource& source, const YAML::Node& node, std::string_view what,
            const std::vector<Value>& values) {
  std::vector<std::string> names;
  for (const Value value : values) names.emplace_back(name_of(value));
  return values[choice_of(source, node, what, names)];
}

double points_of(const YamlSource& source, const YAML::Node& node, const std::string& what) {
  double value = 0;
  if (!node.IsScalar() || !YAML::convert<double>::decode(node, value) || !std::isfinite(value) ||
      value < 0 || value > 100)
    refuse(source, node, what + " must be a number from 0 to 100");
  return value;
}

Severity severity_of(const YamlSource& source, const YAML::Node& node, std::string_view what) {
  return named<Severity>(source, node, what,
                         {Severity::Low, Severity::Medium, Severity::High, Severity::Critical});
}

void read_scores(const YamlSource& source, const YAML::Node& scores, GatePolicy& policy) {
  std::vector<std::string> known = {"overall"};
  for (const Axis axis : kAxes) known.emplace_back(name_of(axis));
  expect_keys(source, scores, "`scores`", known);
  if (scores["overall"]) policy.overall = points_of(source, scores["overall"], "`overall`");
  for (const Axis axis : kAxes) {
    const std::string name(name_of(axis));
    if (scores[name])
      policy.scores[static_cast<std::size_t>(axis)] =
          points_of(source, scores[name], "`" + name + "`");
  }
}

/// "api.example.org", "*.example.org", "api.example.org:8443"; nothing that a URL has besides.
std::string host_pattern(const YamlSource& source, const YAML::Node& item) {
  std::string pattern = ascii_lower(item.Scalar());
  std::string_view name = pattern;
  if (name.starts_with("*.")) name.remove_prefix(2);
  if (name.empty() || name.find_first_of("*/ ?@") != std::string_view::npos)
    refuse(source, item,
           fmt::format("`{}` is not a host name: give a name such as api.example.org, or "
                       "*.example.org for all subdomains",
                       printable(shorten(pattern, 80))));
  return pattern;
}

RuleChange rule_change(const YamlSource& source, const YAML::Node& node, const Rubric& rubric) {
  expect_keys(source, node, "a rule", {"rule", "severity", "off", "reason"});
  if (!node["rule"]) refuse(source, node, "the entry has no `rule`: name one");
  RuleChange change{.rule = rule_of(source, node["rule"], rubric), .line = line_of(source, node)};
  const YAML::Node off = node["off"];
  bool is_off = false;
  if (off && (!off.IsScalar() || !YAML::convert<bool>::decode(off, is_off)))
    refuse(source, off, "`off` must be true or false");
  if (is_off == static_cast<bool>(node["severity"]))
    refuse(source, node,
           fmt::format("the entry of `{}` must have either `severity: …` or `off: true`",
                       change.rule));
  if (!is_off) change.severity = severity_of(source, node["severity"], "`severity`");
  change.reason = reason_of(source, node, fmt::format("the change of `{}`", change.rule));
  return change;
}

void read_rules(const YamlSource& source, const YAML::Node& list, const Rubric& rubric,
                GatePolicy& policy) {
  if (list.IsNull()) return;
  if (!list.IsSequence())
    refuse(source, list, "`rules` must be a list of entries, each with `- rule: …`");
  for (const auto& node : list) {
    RuleChange change = rule_change(source, node, rubric);
    const bool twice =
        std::any_of(policy.rules.begin(), policy.rules.end(),
                    [&](const RuleChange& each) { return each.rule == change.rule; });
    if (twice)
      refuse(source, node,
             fmt::format("the rule `{}` is given twice: keep one of the entries", change.rule));
    policy.rules.push_back(std::move(change));
  }
}

/// "reads: [GLOB, …]" for any kind but hosts, which have patterns of their own.
void read_capabilities(const YamlSource& source, const YAML::Node& node, GatePolicy& policy) {
  if (!node.IsMap())
    refuse(source, node, "`capabilities` is not a map: give lists of patterns by kind");
  std::vector<std::string> names;
  for (const CapabilityKind kind : kCapabilityKinds)
    if (kind != CapabilityKind::Host) names.emplace_back(name_of(kind));
  for (const auto& item : node) {
    // Hosts come first, and are left out of the names.
    const std::size_t at = choice_of(source, item.first, "a kind of `capabilities`", names);
    policy.capabilities[kCapabilityKinds[at + 1]] =
        texts_of(source, item.second, "a list of `capabilities`");
  }
}

}  // namespace

const std::vector<std::string>& kinds_of_news() {
  static const std::vector<std::string> kinds = [] {
    std::vector<std::string> names;
    for (const CapabilityKind kind : kCapabilityKinds) names.emplace_back(name_of(kind));
    names.emplace_back("findings");
    names.emplace_back("scores");
    return names;
  }();
  return kinds;
}

GatePolicy load_gate_policy(std::string_view text, std::string_view file, const Rubric& rubric) {
  const YamlSource source{.file = std::string(file), .blame = ErrorKind::Usage};
  const YAML::Node root = parse_gate_file(source, text, "the policy",
                                          {"verdicts", "grade", "scores", "coverage", "fail_from",
                                           "hosts", "capabilities", "fail_on_new", "rules"});
  GatePolicy policy{.file = std::string(file)};
  if (const YAML::Node list = root["verdicts"]) {
    (void)texts_of(source, list, "`verdicts`");
    policy.verdicts.clear();
    for (const auto& item : list)
      policy.verdicts.insert(named<Verdict>(
          source, item, "a verdict",
          {Verdict::Approved, Verdict::NeedsReview, Verdict::Rejected, Verdict::Inconclusive}));
    if (policy.verdicts.empty())
      refuse(source, list, "`verdicts` is empty, so nothing could pass: list at least one");
  }
  if (root["grade"])
    policy.grade = named<Grade>(source, root["grade"], "`grade`",
                                {Grade::A, Grade::B, Grade::C, Grade::D, Grade::F});
  if (root["scores"]) read_scores(source, root["scores"], policy);
  if (root["coverage"]) policy.coverage = points_of(source, root["coverage"], "`coverage`");
  if (root["fail_from"]) policy.fail_from = severity_of(source, root["fail_from"], "`fail_from`");
  if (const YAML::Node list = root["hosts"]) {
    (void)texts_of(source, list, "`hosts`");
    policy.hosts.emplace();
    for (const auto& item : list) policy.hosts->push_back(host_pattern(source, item));
  }
  if (root["capabilities"]) read_capabilities(source, root["capabilities"], policy);
  if (const YAML::Node list = root["fail_on_new"]) {
    (void)texts_of(source, list, "`fail_on_new`");
    policy.fail_on_new.emplace();
    for (const auto& item : list)
      policy.fail_on_new->insert(
          kinds_of_news()[choice_of(source, item, "an item of `fail_on_new`", kinds_of_news())]);
  }
  if (root["rules"]) read_rules(source, root["rules"], rubric, policy);
  return policy;
}

}  // namespace skillaudit
