// Why each rule that found something costs what it costs, so that a finding explains itself without
// the program.
#include <algorithm>

#include "harness/analysis/assess.h"
#include "harness/base/text.h"
#include "reports/finding_groups.h"
#include "reports/html_view.h"

namespace skillaudit::html {
namespace {

Html rule_entry(const RubricRule& rule) {
  return markup(
      "<h3 id=\"rule-{}\"><code>{}</code></h3>\n<p>{}</p>\n<p class=\"soft\">{}, {}, at most {} "
      "points; "
      "effect: {}. Source: {}{}</p>\n",
      rule.id, rule.id, sentence(shorten(rule.rationale, 2000)), name_of(rule.severity),
      name_of(rule.axis), points(rule.maximum), name_of(rule.effect_class),
      sentence(shorten(rule.source, 600)), rule.is_added ? " (a rule of a team's own)" : "");
}

}  // namespace

Section rules(const Assessment& assessment) {
  Section section{"rules", "Rules", "", {}};
  std::vector<const RubricRule*> fired;
  for (const FindingGroup& group : grouped(assessment.findings)) {
    const RubricRule* rule = rubric_of(assessment).find(group.first().rule);
    if (rule != nullptr && std::find(fired.begin(), fired.end(), rule) == fired.end())
      fired.push_back(rule);
  }
  section.count = std::to_string(fired.size());
  std::size_t left = 0;
  section.body = first_of(fired, Bounds{200, 192 << 10}, left,
                          [](const RubricRule* rule) { return rule_entry(*rule); });
  section.body += and_more(left);
  return section;
}

}  // namespace skillaudit::html
