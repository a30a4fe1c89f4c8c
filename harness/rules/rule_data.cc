#include "harness/rules/rule_data.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "harness/base/text.h"

namespace skillaudit {
namespace {

constexpr std::array kSeverities = {Severity::Low, Severity::Medium, Severity::High,
                                    Severity::Critical};

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

bool all_in(std::string_view text, char first, char last) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [&](char c) { return c >= first && c <= last; });
}

/// "T1552" or "T1552.001".
bool is_technique(std::string_view text) {
  const bool has_part = text.size() == 9 && text[5] == '.' && all_in(text.substr(6), '0', '9');
  return (text.size() == 5 || has_part) && text[0] == 'T' && all_in(text.substr(1, 4), '0', '9');
}

/// "files.temp-left"
bool is_id(std::string_view text) {
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos || !all_in(text.substr(0, dot), 'a', 'z')) return false;
  const std::vector<std::string_view> words = split(text.substr(dot + 1), '-');
  return !words.empty() && text.back() != '-' &&
         std::all_of(words.begin(), words.end(),
                     [](std::string_view word) { return all_in(word, 'a', 'z'); });
}

std::string attack_of(const StrictYaml& yaml, const YAML::Node& node) {
  std::string technique = yaml.text(node);
  if (!is_technique(technique))
    yaml.refuse(node, "expected a technique of MITRE ATT&CK, such as T1552.001");
  return technique;
}

std::vector<ReportSection> read_sections(const StrictYaml& yaml, const YAML::Node& node) {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < kSectionCount; ++i)
    names.push_back(name_of(static_cast<ReportSection>(i)));
  std::vector<ReportSection> sections;
  for (const YAML::Node& each : yaml.one_or_more(node))
    sections.push_back(static_cast<ReportSection>(yaml.index_in(each, names)));
  return sections;
}

void read_cost(const StrictYaml& yaml, const YAML::Node& node, RubricRule& rule) {
  rule.axis = yaml.one_of(node["axis"], kAxes, [](Axis each) { return name_of(each); });
  rule.severity =
      yaml.one_of(node["severity"], kSeverities, [](Severity each) { return name_of(each); });
  rule.deduction = yaml.number(node["deduction"], 0, 100);
  if (node["per_item"]) rule.per_item = yaml.number(node["per_item"], 0, 100);
  rule.maximum =
      node["maximum"] ? yaml.number(node["maximum"], rule.deduction, 100) : rule.deduction;
  if (node["needs_review"]) rule.needs_review = yaml.truth(node["needs_review"]);
  if (node["excused_by"]) {
    rule.excused_by =
        yaml.one_of(node["excused_by"], kExcuses, [](Excuse each) { return name_of(each); });
    if (rule.excused_by == Excuse::Name)
      yaml.refuse(node["excused_by"], "a name alone excuses in a condition, beside a path");
  }
}

/// A team's words go to terminals and log lines as they are.
void check_printable(const StrictYaml& yaml, const YAML::Node& node) {
  if (!node) return;
  const std::string value = yaml.text(node);
  if (printable_block(value) != value || value.find_first_of("\n\t") != std::string::npos)
    yaml.refuse(node, "expected one line of text that can be shown: `>-` joins several lines");
}

void read_words(const StrictYaml& yaml, const YAML::Node& node, RubricRule& rule) {
  for (const char* key : {"rationale", "source", "title", "recommendation"})
    check_printable(yaml, node[key]);
  if (node["attack"]) rule.attack = attack_of(yaml, node["attack"]);
  rule.rationale = yaml.sentence(node["rationale"]);
  rule.source = yaml.sentence(node["source"]);
  rule.title = yaml.sentence(node["title"]);
  check_template(yaml, node["title"], rule.title);
  if (!node["recommendation"]) return;
  rule.recommendation = yaml.text(node["recommendation"]);
  check_template(yaml, node["recommendation"], rule.recommendation);
}

void read_when(const StrictYaml& yaml, const YAML::Node& node, RubricRule& rule) {
  if (const YAML::Node when = node["when"]) {
    if (!when.IsSequence())
      rule.when.push_back(read_condition(yaml, when));
    else
      for (const YAML::Node& each : when) rule.when.push_back(read_condition(yaml, each));
    if (rule.when.empty()) yaml.refuse(when, "expected a condition or a list of them");
  }
  if (const YAML::Node report = node["report"]) {
    if (rule.when.empty()) yaml.refuse(report, "only a rule with a condition has a `report`");
    rule.together = yaml.index_in(report, {"each", "together"}) == 1;
  }
}

/// Conditions say it of the rules that have some.
void read_effect(const StrictYaml& yaml, const YAML::Node& rule_node, RubricRule& rule) {
  const YAML::Node node = rule_node["effect"];
  if (!node) return;
  if (!rule.when.empty()) yaml.refuse(node, "a rule with a condition has no `effect`");
  yaml.require_keys(node, {"verb", "object"}, {});
  RuleEffect& effect = rule.effect.emplace();
  effect.verb = yaml.one_of(node["verb"], kVerbs, [](Verb verb) { return name_of(verb); });
  effect.object = static_cast<EffectKind>(
      yaml.index_in(node["object"], {kEffectKindNames.begin(), kEffectKindNames.end()}));
}

RubricRule read_rule(const StrictYaml& yaml, const YAML::Node& node) {
  yaml.require_keys(
      node,
      {"id", "class", "section", "axis", "severity", "deduction", "rationale", "source", "title"},
      {"per_item", "maximum", "needs_review", "excused_by", "recommendation", "attack", "when",
       "report", "effect"});
  RubricRule rule{.id = yaml.text(node["id"])};
  rule.effect_class =
      yaml.one_of(node["class"], kEffectClasses, [](EffectClass each) { return name_of(each); });
  rule.sections = read_sections(yaml, node["section"]);
  read_cost(yaml, node, rule);
  read_words(yaml, node, rule);
  read_when(yaml, node, rule);
  read_effect(yaml, node, rule);
  return rule;
}

void check_id(const StrictYaml& yaml, const YAML::Node& node, std::string_view area) {
  const std::string id = yaml.text(node);
  if (!is_id(id))
    yaml.refuse(node, fmt::format("\"{}\" is no id: write AREA.WHAT in small letters, as in "
                                  "files.temp-left",
                                  printable(shorten(id, 80))));
  const std::string of = id.substr(0, id.find('.'));
  if (of != area)
    yaml.refuse(node, fmt::format("the rule {} must be in {}.yaml, the file of its area", id, of));
}

}  // namespace

std::string_view name_of(EffectClass effect_class) {
  static constexpr std::array<std::string_view, kEffectClasses.size()> kNames = {
      "ordinary", "litter", "lasting", "exposing", "damage", "harm", "tampering"};
  return kNames[static_cast<std::size_t>(effect_class)];
}

std::vector<RubricRule> read_rules(const RuleFile& file) {
  const StrictYaml yaml(file.name);
  const YAML::Node root = yaml.parse(file.text);
  yaml.require_keys(root, {"schema_version", "rules"}, {});
  if (yaml.number(root["schema_version"], 1, 1) != 1) yaml.refuse(root, "schema_version must be 1");
  const YAML::Node rules = root["rules"];
  if (!rules.IsSequence()) yaml.refuse(rules, "expected a list of rules");
  const std::string area = std::filesystem::path(file.name).stem().string();
  std::vector<RubricRule> loaded;
  for (const YAML::Node& node : rules) {
    if (!node.IsMap() || !node["id"]) yaml.refuse(node, "a rule needs an id");
    check_id(yaml, node["id"], area);
    loaded.push_back(read_rule(yaml, node));
    loaded.back().at = yaml.place_of(node["id"]);
  }
  return loaded;
}

}  // namespace skillaudit
