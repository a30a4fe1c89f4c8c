#include "harness/rules/rule_data.h"

#include <fmt/core.h>

#include <filesystem>
#include <regex>

#include "harness/rules/strict_yaml.h"

namespace skillaudit {
namespace {

constexpr std::array kSeverities = {Severity::Low, Severity::Medium, Severity::High,
                                    Severity::Critical};
constexpr std::array kExcuses = {Excuse::None, Excuse::Package, Excuse::Host,   Excuse::Service,
                                 Excuse::Path, Excuse::Cron,    Excuse::Process};

std::string_view name_of(Excuse excuse) {
  static constexpr std::array<std::string_view, 7> kNames = {
      "nothing", "package", "host", "service", "path", "cron", "process"};
  return kNames[static_cast<std::size_t>(excuse)];
}

void check_template(const StrictYaml& yaml, const YAML::Node& node, const std::string& value) {
  for (std::size_t at = value.find('{'); at != std::string::npos; at = value.find('{', at + 1)) {
    const std::size_t end = value.find('}', at);
    const std::string word =
        end == std::string::npos ? value.substr(at) : value.substr(at, end - at + 1);
    if (word != "{what}" && word != "{where}" && word != "{instead}") {
      yaml.refuse(node, "unknown placeholder " + printable(word) +
                            ": a template has {what}, {where} and {instead}");
    }
  }
}

std::string attack_of(const StrictYaml& yaml, const YAML::Node& node) {
  std::string technique = yaml.text(node);
  static const std::regex kTechnique("T[0-9]{4}(\\.[0-9]{3})?");
  if (!std::regex_match(technique, kTechnique))
    yaml.refuse(node, "expected a technique of MITRE ATT&CK, such as T1552.001");
  return technique;
}

RubricRule read_rule(const StrictYaml& yaml, const YAML::Node& node) {
  yaml.require_keys(node, {"id", "axis", "severity", "deduction", "rationale", "source", "title"},
                    {"per_item", "maximum", "rejects", "excused_by", "recommendation", "attack"});
  RubricRule rule;
  rule.axis = yaml.one_of(node["axis"], kAxes, [](Axis each) { return name_of(each); });
  rule.severity =
      yaml.one_of(node["severity"], kSeverities, [](Severity each) { return name_of(each); });
  rule.deduction = yaml.number(node["deduction"], 0, 100);
  if (node["per_item"]) rule.per_item = yaml.number(node["per_item"], 0, 100);
  rule.maximum =
      node["maximum"] ? yaml.number(node["maximum"], rule.deduction, 100) : rule.deduction;
  if (node["rejects"]) rule.rejects = yaml.truth(node["rejects"]);
  if (node["excused_by"])
    rule.excused_by =
        yaml.one_of(node["excused_by"], kExcuses, [](Excuse each) { return name_of(each); });
  if (node["attack"]) rule.attack = attack_of(yaml, node["attack"]);
  rule.rationale = yaml.sentence(node["rationale"]);
  rule.source = yaml.sentence(node["source"]);
  rule.title = yaml.text(node["title"]);
  check_template(yaml, node["title"], rule.title);
  if (node["recommendation"]) {
    rule.recommendation = yaml.text(node["recommendation"]);
    check_template(yaml, node["recommendation"], rule.recommendation);
  }
  return rule;
}

}  // namespace

void read_rules(const RuleFile& file, Rubric& rubric, std::array<bool, kRuleCount>& seen) {
  const StrictYaml yaml(file.name);
  const YAML::Node root = yaml.parse(file.text);
  yaml.require_keys(root, {"schema_version", "rules"}, {});
  if (yaml.number(root["schema_version"], 1, 1) != 1) yaml.refuse(root, "schema_version must be 1");
  const YAML::Node rules = root["rules"];
  if (!rules.IsSequence()) yaml.refuse(rules, "expected a list of rules");
  const std::string area = std::filesystem::path(file.name).stem().string();
  for (const YAML::Node& node : rules) {
    if (!node.IsMap() || !node["id"]) yaml.refuse(node, "a rule needs an id");
    const std::string id = yaml.text(node["id"]);
    const auto found = rule_from_name(id);
    if (!found) yaml.refuse(node["id"], "no such rule: " + printable(id));
    if (!id.starts_with(area + "."))
      yaml.refuse(node["id"], fmt::format("the rule {} must stand in {}.yaml, the file of its area",
                                          id, id.substr(0, id.find('.'))));
    const auto index = static_cast<std::size_t>(*found);
    if (seen[index]) yaml.refuse(node["id"], "the rule " + id + " is there twice");
    seen[index] = true;
    rubric.rules[index] = read_rule(yaml, node);
  }
}

}  // namespace skillaudit
