#include "reports/sarif_rules.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "harness/base/text.h"
#include "reports/markdown_text.h"

namespace skillaudit {
namespace {

using Json = nlohmann::ordered_json;

/// "network.unexpected-host" as "NetworkUnexpectedHost".
std::string pascal_case(std::string_view id) {
  std::string name;
  bool first = true;
  for (const char c : id) {
    if (c == '.' || c == '-') {
      first = true;
      continue;
    }
    name += first && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    first = false;
  }
  return name;
}

/// A template of the rubric as a sentence about any offender.
std::string about_any(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t open = std::min(text.find('{'), text.size());
    out += text.substr(0, open);
    text.remove_prefix(open);
    const std::size_t close = text.find('}');
    if (close == std::string_view::npos) break;
    out += "…";
    text.remove_prefix(close + 1);
  }
  return out + std::string(text);
}

/// The middle of the band that GitHub shows as the severity of the same name.
std::string_view security_severity(Severity severity) {
  constexpr std::array<std::string_view, 4> kScores = {"2.0", "5.5", "8.0", "9.5"};
  return kScores[static_cast<std::size_t>(severity)];
}

std::string_view problem_severity(Severity severity) {
  constexpr std::array<std::string_view, 4> kNames = {"recommendation", "warning", "error",
                                                      "error"};
  return kNames[static_cast<std::size_t>(severity)];
}

Json properties_of(const RubricRule& rule, Severity severity) {
  Json tags = Json::array({"agent-skill", std::string(name_of(rule.axis))});
  if (!rule.attack.empty()) tags.push_back("external/mitre/attack/" + rule.attack);
  // What the audit saw, it saw happen; few findings are no more than a text that looks so.
  Json properties = {{"tags", std::move(tags)},
                     {"precision", "high"},
                     {"problem.severity", problem_severity(severity)},
                     {"deduction", rule.deduction}};
  // With it GitHub takes a rule for one on security, and shows that severity instead of the level.
  if (rule.axis == Axis::Security) properties["security-severity"] = security_severity(severity);
  return properties;
}

Json help_of(std::string_view id, const RubricRule& rule) {
  std::string text = rule.rationale;
  std::string markdown = markdown_sentence(rule.rationale);
  if (!rule.recommendation.empty()) {
    text += "\n\nWhat to do: " + about_any(rule.recommendation);
    markdown += "\n\n**What to do**: " + markdown_sentence(about_any(rule.recommendation));
  }
  text += "\n\nSource: " + rule.source;
  markdown += "\n\n**Source**: " + markdown_sentence(rule.source);
  if (!rule.attack.empty()) {
    std::string path = rule.attack;
    if (const std::size_t dot = path.find('.'); dot != std::string::npos) path[dot] = '/';
    text += "\n\nMITRE ATT&CK: " + rule.attack;
    markdown += fmt::format("\n\n**MITRE ATT&CK**: [{}](https://attack.mitre.org/techniques/{}/)",
                            rule.attack, path);
  }
  const std::string_view option = rule.is_added ? " --rules DIR" : "";
  text += fmt::format("\n\nMore: skillaudit explain {}{}", id, option);
  markdown += fmt::format("\n\n**More**: `skillaudit explain {}{}`", id, option);
  return {{"text", std::move(text)}, {"markdown", std::move(markdown)}};
}

Json inconclusive_rule() {
  const std::string why =
      "An audit with incomplete evidence does not show whether the skill is harmless. It is never "
      "a pass.";
  return {
      {"id", kInconclusiveRule},
      {"name", pascal_case(kInconclusiveRule)},
      {"shortDescription", {{"text", "The audit has no verdict: evidence is missing"}}},
      {"fullDescription", {{"text", why}}},
      {"help",
       {{"text", why + "\n\nWhat to do: fix the problem that the message names, and audit again."},
        {"markdown",
         why + "\n\n**What to do**: fix the problem that the message names, and audit again."}}},
      {"defaultConfiguration", {{"level", "error"}}},
      {"properties",
       {{"tags", {"agent-skill", "audit"}},
        {"precision", "very-high"},
        {"problem.severity", "error"}}}};
}

}  // namespace

std::string_view sarif_level(Severity severity) {
  switch (severity) {
    case Severity::Critical:
    case Severity::High:
      return "error";
    case Severity::Medium:
      return "warning";
    case Severity::Low:
      break;
  }
  return "note";
}

Json sarif_rules(const Rubric& rubric, const std::map<std::string_view, Severity>& worst) {
  Json rules = Json::array();
  for (const RubricRule& rule : rubric.rules) {
    const std::string& id = rule.id;
    const auto known = worst.find(id);
    const Severity severity = known == worst.end() ? rule.severity : known->second;
    const std::string title = about_any(rule.title);
    rules.push_back({{"id", id},
                     {"name", pascal_case(id)},
                     {"shortDescription", {{"text", title}}},
                     {"fullDescription", {{"text", rule.rationale}}},
                     {"help", help_of(id, rule)},
                     {"defaultConfiguration", {{"level", sarif_level(rule.severity)}}},
                     {"properties", properties_of(rule, severity)}});
  }
  rules.push_back(inconclusive_rule());
  return rules;
}

}  // namespace skillaudit
