#include "harness/rules/rubric.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/rules/rule_code.h"
#include "harness/rules/rule_data.h"
#include "harness/rules/strict_yaml.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLargestFile = 1 << 20;

Grade grade_of(const StrictYaml& yaml, const YAML::Node& node) {
  const auto found = grade_from_name(yaml.text(node));
  if (!found) yaml.refuse(node, "expected a grade: A, B, C, D or F");
  return *found;
}

void read_axes(const StrictYaml& yaml, const YAML::Node& axes, Rubric& rubric) {
  yaml.require_keys(axes, {"execution", "cleanliness", "security", "portability", "documentation"},
                    {});
  double sum = 0;
  for (const Axis each : kAxes) {
    const YAML::Node entry = axes[std::string(name_of(each))];
    yaml.require_keys(entry, {"weight"}, {});
    const double weight = yaml.number(entry["weight"], 0, 1);
    rubric.weights[static_cast<std::size_t>(each)] = weight;
    sum += weight;
  }
  if (std::abs(sum - 1) > 1e-9) {
    yaml.refuse(axes, fmt::format("the weights add up to {}, not to 1", sum));
  }
}

void read_grades(const StrictYaml& yaml, const YAML::Node& grades, Rubric& rubric) {
  yaml.require_keys(grades, {"A", "B", "C", "D"}, {});
  double above = 100;
  std::size_t i = 0;
  for (const char* each : {"A", "B", "C", "D"}) {
    const double least = yaml.number(grades[each], 0, above);
    rubric.least[i++] = least;
    above = least;
  }
}

bool has_code(std::string_view id) {
  const std::vector<RuleCode>& all = rule_code();
  return std::any_of(all.begin(), all.end(), [&](const RuleCode& code) {
    return std::find(code.finds.begin(), code.finds.end(), id) != code.finds.end();
  });
}

auto position_of(const std::vector<RubricRule>& rules, std::string_view id) {
  return std::lower_bound(
      rules.begin(), rules.end(), id,
      [](const RubricRule& rule, std::string_view wanted) { return rule.id < wanted; });
}

void add_rules(const RuleFile& file, bool is_added, Rubric& rubric) {
  for (RubricRule& rule : read_rules(file)) {
    const auto at = position_of(rubric.rules, rule.id);
    if (at != rubric.rules.end() && at->id == rule.id)
      fail(ErrorKind::Usage, "{}: the rule {} is there already, at {}: give this one another id",
           rule.at, rule.id, at->at);
    if (rule.when.empty() && !has_code(rule.id))
      fail(ErrorKind::Usage, "{}: nothing finds the rule {}: give it a condition with `when:`",
           rule.at, rule.id);
    rule.is_added = is_added;
    rubric.rules.insert(at, std::move(rule));
  }
}

void add_team_rules(const RuleFile& file, Rubric& rubric) {
  const fs::path name(file.name);
  // SARIF tells of an audit without a verdict as a rule of this area.
  if (name.stem() == "audit")
    fail(ErrorKind::Usage, "{}: the area audit is skillaudit's own: give the file another name",
         file.name);
  const std::size_t before = rubric.rules.size();
  add_rules(file, true, rubric);
  if (rubric.rules.size() == before)
    fail(ErrorKind::Usage, "{}: it has no rule: write one, or remove the file", file.name);
  rubric.added.push_back(
      {name.filename().string(), sha256(file.text), rubric.rules.size() - before});
}

/// What code finds must say somewhere what it costs.
void check_code(const Rubric& rubric) {
  for (const RuleCode& code : rule_code())
    for (const std::string_view id : code.finds)
      if (rubric.find(id) == nullptr)
        fail(ErrorKind::Usage, "the rule {} is missing: it must be in reports/rules/{}.yaml", id,
             id.substr(0, id.find('.')));
}

}  // namespace

const RubricRule* Rubric::find(std::string_view id) const {
  const auto at = position_of(rules, id);
  return at == rules.end() || at->id != id ? nullptr : &*at;
}

const RubricRule& Rubric::rule(std::string_view id) const {
  const RubricRule* found = find(id);
  if (found == nullptr) fail(ErrorKind::Internal, "there is no rule {}", id);
  return *found;
}

std::vector<std::string> Rubric::ids() const {
  std::vector<std::string> all;
  for (const RubricRule& rule : rules) all.push_back(rule.id);
  return all;
}

Rubric load_rubric(const RuleFile& file, const std::vector<RuleFile>& rules,
                   const std::vector<RuleFile>& added) {
  const StrictYaml yaml(file.name);
  const YAML::Node root = yaml.parse(file.text);
  yaml.require_keys(root, {"schema_version", "axes", "grades", "caps", "limits"}, {});
  if (yaml.number(root["schema_version"], 1, 1) != 1) yaml.refuse(root, "schema_version must be 1");
  Rubric rubric;
  read_axes(yaml, root["axes"], rubric);
  read_grades(yaml, root["grades"], rubric);
  const YAML::Node caps = root["caps"];
  yaml.require_keys(caps, {"rejected", "needs_review"}, {});
  rubric.cap_rejected = grade_of(yaml, caps["rejected"]);
  rubric.cap_needs_review = grade_of(yaml, caps["needs_review"]);
  const YAML::Node limits = root["limits"];
  yaml.require_keys(limits, {"runaway_processes"}, {});
  rubric.runaway_processes = static_cast<int>(yaml.number(limits["runaway_processes"], 2, 1e6));

  for (const RuleFile& each : rules) add_rules(each, false, rubric);
  check_code(rubric);
  for (const RuleFile& each : added) add_team_rules(each, rubric);
  return rubric;
}

RuleFile shipped_rubric_file() {
  constexpr const char* kName = "reports/rubric.yaml";
  return {kName, read_file(resource(kName), kLargestFile)};
}

std::vector<RuleFile> shipped_rule_files() {
  std::vector<RuleFile> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(resource("reports/rules")))
    if (entry.path().extension() == ".yaml")
      files.push_back({"reports/rules/" + entry.path().filename().string(),
                       read_file(entry.path(), kLargestFile)});
  std::sort(files.begin(), files.end(),
            [](const RuleFile& a, const RuleFile& b) { return a.name < b.name; });
  return files;
}

Rubric shipped_rubric() { return load_rubric(shipped_rubric_file(), shipped_rule_files()); }

}  // namespace skillaudit
