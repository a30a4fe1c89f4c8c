#include "reports/rule_page.h"

#include <fmt/core.h>

#include <algorithm>
#include <tuple>
#include <vector>

#include "harness/analysis/effect_verdict.h"
#include "harness/base/text.h"
#include "reports/markdown_text.h"

namespace skillaudit {
namespace {

constexpr std::string_view kInconclusive =
    "The audit's evidence is incomplete, so the audit cannot say what the skill did.";
constexpr std::string_view kInconclusiveWhy =
    "The missing part may be the part that matters. Otherwise a skill could remove evidence and be "
    "graded on the rest. So the verdict is INCONCLUSIVE, unless the remaining evidence already "
    "rejects the skill.";
constexpr std::string_view kInconclusiveFix =
    "See the report's gaps for what is missing, and audit the skill again. If it happens again, "
    "the skill may be the cause: a step that never ends, a VM that it shuts down, a connection "
    "that it breaks.";

/// A template of the rubric with "…" for what each finding puts in.
std::string without_placeholders(std::string text) {
  for (const std::string_view each : {"{what}", "{where}", "{instead}"})
    for (std::size_t at = text.find(each); at != std::string::npos; at = text.find(each))
      text.replace(at, each.size(), "…");
  return text;
}

std::string points(const RubricRule& rule) {
  if (rule.deduction == 0 && rule.per_item == 0) return "none";
  std::string text = fmt::format("{:g}", rule.deduction);
  if (rule.per_item > 0)
    text += fmt::format(" for the first, {:g} for each further one, {:g} at most", rule.per_item,
                        rule.maximum);
  return text;
}

std::string_view documentation_of(Excuse kind) {
  switch (kind) {
    case Excuse::None:
      return "nothing";
    case Excuse::Package:
      return "documentation that names the package";
    case Excuse::Host:
      return "documentation that names the host";
    case Excuse::Service:
      return "documentation that names the service";
    case Excuse::Path:
      return "documentation that names the path";
    case Excuse::Cron:
      return "documentation that names the job";
    case Excuse::Process:
      return "documentation that names the process";
    case Excuse::Name:  // of a condition alone
      break;
  }
  return {};
}

std::string excuse(const RubricRule& rule) {
  std::string text(documentation_of(rule.excused_by));
  const bool by_class = rule.excused_by != Excuse::None && !rule.when.empty() &&
                        rule.effect_class != EffectClass::Ordinary &&
                        rule.effect_class != EffectClass::Litter;
  return by_class ? text + " exactly, and says what is done to it" : text;
}

/// What it makes of the verdict: where no document names the effect, and where one does.
std::string effect(const RubricRule& rule) {
  const auto verdict = [&](ConsentExtent named) {
    return std::string(name_of(verdict_of(rule.effect_class, rule.severity, named)));
  };
  const std::string undocumented = verdict(ConsentExtent::None);
  if (undocumented == name_of(Verdict::Approved))
    return rule.needs_review ? "verdict NEEDS_REVIEW" : "points only";
  std::string text = "verdict " + undocumented;
  if (const std::string general = verdict(ConsentExtent::General); general != undocumented)
    text += ", " + general + " where documents name it in general";
  return text;
}

std::string attack_url(std::string_view technique) {
  std::string path(technique);
  std::replace(path.begin(), path.end(), '.', '/');
  return "https://attack.mitre.org/techniques/" + path + "/";
}

std::string fix(const RubricRule& rule) {
  if (rule.recommendation.empty() && rule.is_added) return "The rule does not say.";
  if (rule.recommendation.empty())
    return "The finding of another rule, reported with this one, says what to do.";
  const std::string text = without_placeholders(rule.recommendation);
  return text.ends_with("…") ? text : text + ".";
}

std::string acceptance(std::string_view id) {
  return fmt::format(
      "accept:\n"
      "  - rule: {}\n"
      "    skill: NAME\n"
      "    what: THE OFFENDER          # * and ? as in a shell; leave it out for all of them\n"
      "    reason: why this is acceptable\n"
      "    expires: YYYY-MM-DD\n",
      id);
}

/// Worst first.
std::vector<const RubricRule*> rules_of(Axis axis, const Rubric& rubric) {
  std::vector<const RubricRule*> rules;
  for (const RubricRule& rule : rubric.rules)
    if (rule.axis == axis) rules.push_back(&rule);
  std::stable_sort(rules.begin(), rules.end(), [](const RubricRule* a, const RubricRule* b) {
    return b->severity < a->severity;
  });
  return rules;
}

/// "reports/rules/files.yaml": where it stands, without line and column.
std::string file_of(const RubricRule& rule) {
  return rule.at.substr(0, rule.at.rfind(':', rule.at.rfind(':') - 1));
}

}  // namespace

std::string render_rule_text(const RubricRule& rule) {
  std::string text = fmt::format(
      "{}\n  {}\n\n"
      "  axis        {}\n"
      "  severity    {}\n"
      "  points      {}\n"
      "  class       {}\n"
      "  effect      {}\n"
      "  excused by  {}\n",
      rule.id, without_placeholders(rule.title), name_of(rule.axis), name_of(rule.severity),
      points(rule), name_of(rule.effect_class), effect(rule), excuse(rule));
  if (rule.is_added) text += fmt::format("  file        {}\n", rule.at);
  if (!rule.attack.empty())
    text += fmt::format("  ATT&CK      {}, {}\n", rule.attack, attack_url(rule.attack));
  text += fmt::format("\nWhy: {}\n\nWhat to do: {}\n\nSource: {}\n", rule.rationale, fix(rule),
                      rule.source);
  return text + "\nTo accept a finding, add to the file for `skillaudit gate --accept`:\n\n" +
         acceptance(rule.id);
}

std::string render_rule_markdown(const RubricRule& rule) {
  std::string page =
      fmt::format("# {}\n\n> {}\n\n", rule.id, markdown_prose(without_placeholders(rule.title)));
  page += "| | |\n|---|---|\n";
  page += fmt::format(
      "| Axis | {} |\n| Severity | {} |\n| Points | {} |\n| Class | {} |\n| Effect | {} |\n"
      "| Excused by | {} |\n",
      name_of(rule.axis), name_of(rule.severity), points(rule), name_of(rule.effect_class),
      effect(rule), excuse(rule));
  if (!rule.attack.empty())
    page += fmt::format("| MITRE ATT&CK | [{}]({}) |\n", rule.attack, attack_url(rule.attack));
  page += fmt::format("\n## Why it counts\n\n{}\n", markdown_sentence(rule.rationale));
  page += fmt::format("\n## What to do\n\n{}\n", markdown_sentence(fix(rule)));
  page += fmt::format("\n## Source\n\n{}.\n", markdown_prose(rule.source));
  page +=
      "\n"
      "## Accept a finding\n"
      "\n"
      "In the file for `skillaudit gate --accept`:\n"
      "\n"
      "```yaml\n" +
      acceptance(rule.id) + "```\n";
  return page + fmt::format("\nGenerated from `{}` by `skillaudit explain --write {}`.\n",
                            file_of(rule), rule.is_added ? "DIR --rules DIR" : "docs/rules");
}

std::string render_inconclusive_text() {
  return fmt::format("{}\n  {}\n\nWhy: {}\n\nWhat to do: {}\n", kInconclusiveRule, kInconclusive,
                     kInconclusiveWhy, kInconclusiveFix);
}

std::string render_inconclusive_markdown() {
  return fmt::format(
      "# {}\n"
      "\n"
      "> {}\n"
      "\n"
      "## Why it counts\n"
      "\n"
      "{}\n"
      "\n"
      "## What to do\n"
      "\n"
      "{}\n"
      "\n"
      "It cannot be accepted. A gate passes it only if the policy's `verdicts` include "
      "INCONCLUSIVE.\n"
      "\n"
      "Generated by `skillaudit explain --write docs/rules`.\n",
      kInconclusiveRule, kInconclusive, kInconclusiveWhy, kInconclusiveFix);
}

std::string render_rules_text(const Rubric& rubric) {
  std::string text;
  for (const Axis axis : kAxes) {
    text += fmt::format("{}{}\n", text.empty() ? "" : "\n", name_of(axis));
    for (const RubricRule* rule : rules_of(axis, rubric))
      text += fmt::format("  {:<8}  {:<37}  {}\n", name_of(rule->severity), rule->id,
                          shorten(without_placeholders(rule->title), 90));
  }
  return text;
}

std::string render_rules_markdown(const Rubric& rubric) {
  std::string page =
      "# Rules\n\nEvery rule that a report can name, with its severity and points, from "
      "[reports/rules](../../reports/rules). `skillaudit explain RULE` prints the same in a "
      "terminal.\n";
  for (const Axis axis : kAxes) {
    page += fmt::format(
        "\n## {} ({:g} % of the score)\n\n| Rule | Severity | Points | Finding "
        "|\n|---|---|---|---|\n",
        name_of(axis), rubric.weights[static_cast<std::size_t>(axis)] * 100);
    for (const RubricRule* rule : rules_of(axis, rubric))
      page +=
          fmt::format("| [{0}]({0}.md) | {1} | {2} | {3} |\n", rule->id, name_of(rule->severity),
                      points(*rule), markdown_prose(without_placeholders(rule->title)));
  }
  return page + fmt::format(
                    "\n"
                    "## Without an axis\n"
                    "\n"
                    "[{0}]({0}.md): {1} It is not a finding and costs no points; SARIF reports it "
                    "with this id.\n",
                    kInconclusiveRule, kInconclusive);
}

}  // namespace skillaudit
