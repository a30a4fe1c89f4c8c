#include "harness/rules/rubric.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <regex>
#include <set>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

class RubricReader {
 public:
  explicit RubricReader(std::string_view name) : name_(name) {}

  Rubric read(const YAML::Node& root) {
    require_keys(root, {"schema_version", "axes", "grades", "caps", "limits", "rules"}, {});
    if (number(root["schema_version"], 1, 1) != 1) refuse(root, "schema_version must be 1");
    read_axes(root["axes"]);
    read_grades(root["grades"]);
    const YAML::Node caps = root["caps"];
    require_keys(caps, {"security_critical", "security_high"}, {});
    rubric_.cap_security_critical = grade(caps["security_critical"]);
    rubric_.cap_security_high = grade(caps["security_high"]);
    const YAML::Node limits = root["limits"];
    require_keys(limits, {"runaway_processes"}, {});
    rubric_.runaway_processes = static_cast<int>(number(limits["runaway_processes"], 2, 1e6));
    read_rules(root["rules"]);
    return rubric_;
  }

 private:
  [[noreturn]] void refuse(const YAML::Node& node, const std::string& why) const {
    const YAML::Mark mark = node.Mark();
    fail(ErrorKind::Usage, "{}:{}:{}: {}", name_, mark.line + 1, mark.column + 1, why);
  }

  void require_keys(const YAML::Node& node, std::initializer_list<std::string_view> required,
                    std::initializer_list<std::string_view> optional) const {
    if (!node.IsMap()) refuse(node, "expected a map of keys and values");
    std::set<std::string> seen;
    std::vector<std::string> known(required.begin(), required.end());
    known.insert(known.end(), optional.begin(), optional.end());
    for (const auto& entry : node) {
      const std::string key = text(entry.first);
      if (std::find(known.begin(), known.end(), key) == known.end()) {
        const std::string near = nearest(key, known);
        refuse(entry.first, fmt::format("unknown key \"{}\"{}", printable(key),
                                        near.empty() ? "" : ", did you mean \"" + near + "\"?"));
      }
      if (!seen.insert(key).second) refuse(entry.first, "\"" + key + "\" is there twice");
    }
    for (const std::string_view key : required) {
      if (!seen.contains(std::string(key))) refuse(node, fmt::format("\"{}\" is missing", key));
    }
  }

  std::string text(const YAML::Node& node) const {
    if (!node.IsScalar()) refuse(node, "expected one value");
    return node.Scalar();
  }

  std::string sentence(const YAML::Node& node) const {
    std::string given = text(node);
    if (trim(given).empty()) refuse(node, "expected a text that says something");
    return given;
  }

  double number(const YAML::Node& node, double least, double most) const {
    double value = 0;
    if (!node.IsScalar() || !YAML::convert<double>::decode(node, value) || !std::isfinite(value)) {
      refuse(node, "expected a number");
    }
    if (value < least || value > most) {
      refuse(node, fmt::format("{} is not between {} and {}", value, least, most));
    }
    return value;
  }

  bool truth(const YAML::Node& node) const {
    bool value = false;
    if (!node.IsScalar() || !YAML::convert<bool>::decode(node, value)) {
      refuse(node, "expected true or false");
    }
    return value;
  }

  Grade grade(const YAML::Node& node) const {
    const auto found = grade_from_name(text(node));
    if (!found) refuse(node, "expected a grade: A, B, C, D or F");
    return *found;
  }

  template <typename Value>
  Value one_of(const YAML::Node& node, std::initializer_list<Value> values, auto name) const {
    const std::string given = text(node);
    std::vector<std::string> known;
    for (const Value value : values) {
      if (given == name(value)) return value;
      known.emplace_back(name(value));
    }
    refuse(node, fmt::format("\"{}\" is none of {}", printable(given), join(known, ", ")));
  }

  Axis axis(const YAML::Node& node) const {
    return one_of(node,
                  {Axis::Execution, Axis::Cleanliness, Axis::Security, Axis::Portability,
                   Axis::Documentation},
                  [](Axis value) { return name_of(value); });
  }

  void read_axes(const YAML::Node& axes) {
    require_keys(axes, {"execution", "cleanliness", "security", "portability", "documentation"},
                 {});
    double sum = 0;
    for (const Axis each : kAxes) {
      const YAML::Node entry = axes[std::string(name_of(each))];
      require_keys(entry, {"weight"}, {});
      const double weight = number(entry["weight"], 0, 1);
      rubric_.weights[static_cast<std::size_t>(each)] = weight;
      sum += weight;
    }
    if (std::abs(sum - 1) > 1e-9) {
      refuse(axes, fmt::format("the weights add up to {}, not to 1", sum));
    }
  }

  void read_grades(const YAML::Node& grades) {
    require_keys(grades, {"A", "B", "C", "D"}, {});
    double above = 100;
    std::size_t i = 0;
    for (const char* each : {"A", "B", "C", "D"}) {
      const double least = number(grades[each], 0, above);
      rubric_.least[i++] = least;
      above = least;
    }
  }

  void check_template(const YAML::Node& node, const std::string& value) const {
    for (std::size_t at = value.find('{'); at != std::string::npos; at = value.find('{', at + 1)) {
      const std::size_t end = value.find('}', at);
      const std::string word =
          end == std::string::npos ? value.substr(at) : value.substr(at, end - at + 1);
      if (word != "{what}" && word != "{where}" && word != "{instead}") {
        refuse(node, "unknown placeholder " + printable(word) +
                         ": a template has {what}, {where} and {instead}");
      }
    }
  }

  static std::string_view excuse_name(Excuse excuse) {
    static constexpr std::array<std::string_view, 7> kNames = {
        "nothing", "package", "host", "service", "path", "cron", "process"};
    return kNames[static_cast<std::size_t>(excuse)];
  }

  RubricRule read_rule(const YAML::Node& node) const {
    require_keys(node, {"id", "axis", "severity", "deduction", "rationale", "source", "title"},
                 {"per_item", "maximum", "rejects", "excused_by", "recommendation", "attack"});
    RubricRule rule;
    rule.axis = axis(node["axis"]);
    rule.severity = one_of(node["severity"],
                           {Severity::Low, Severity::Medium, Severity::High, Severity::Critical},
                           [](Severity value) { return name_of(value); });
    rule.deduction = number(node["deduction"], 0, 100);
    if (node["per_item"]) rule.per_item = number(node["per_item"], 0, 100);
    rule.maximum = node["maximum"] ? number(node["maximum"], rule.deduction, 100) : rule.deduction;
    if (node["rejects"]) rule.rejects = truth(node["rejects"]);
    if (node["excused_by"]) {
      rule.excused_by = one_of(node["excused_by"],
                               {Excuse::None, Excuse::Package, Excuse::Host, Excuse::Service,
                                Excuse::Path, Excuse::Cron, Excuse::Process},
                               excuse_name);
    }
    if (node["attack"]) {
      rule.attack = text(node["attack"]);
      static const std::regex kTechnique("T[0-9]{4}(\\.[0-9]{3})?");
      if (!std::regex_match(rule.attack, kTechnique))
        refuse(node["attack"], "expected a technique of MITRE ATT&CK, such as T1552.001");
    }
    rule.rationale = sentence(node["rationale"]);
    rule.source = sentence(node["source"]);
    rule.title = text(node["title"]);
    check_template(node["title"], rule.title);
    if (node["recommendation"]) {
      rule.recommendation = text(node["recommendation"]);
      check_template(node["recommendation"], rule.recommendation);
    }
    return rule;
  }

  void read_rules(const YAML::Node& rules) {
    if (!rules.IsSequence()) refuse(rules, "expected a list of rules");
    std::array<bool, kRuleCount> seen{};
    for (const YAML::Node& node : rules) {
      if (!node.IsMap() || !node["id"]) refuse(node, "a rule needs an id");
      const std::string id = text(node["id"]);
      const auto found = rule_from_name(id);
      if (!found) refuse(node["id"], "no such rule: " + printable(id));
      const auto index = static_cast<std::size_t>(*found);
      if (seen[index]) refuse(node["id"], "the rule " + id + " is there twice");
      seen[index] = true;
      rubric_.rules[index] = read_rule(node);
    }
    for (std::size_t i = 0; i < kRuleCount; ++i) {
      if (!seen[i]) {
        refuse(rules, fmt::format("the rule {} is missing", name_of(static_cast<RuleId>(i))));
      }
    }
  }

  std::string name_;
  Rubric rubric_;
};

}  // namespace

Rubric load_rubric(std::string_view text, std::string_view name) {
  YAML::Node root;
  try {
    root = YAML::Load(std::string(text));
  } catch (const YAML::ParserException& error) {
    fail(ErrorKind::Usage, "{}:{}:{}: {}", name, error.mark.line + 1, error.mark.column + 1,
         error.msg);
  }
  return RubricReader(name).read(root);
}

Rubric shipped_rubric() {
  return load_rubric(read_file(resource("reports/rubric.yaml"), 1 << 20), "reports/rubric.yaml");
}

}  // namespace skillaudit
