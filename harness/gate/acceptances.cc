#include "harness/gate/acceptances.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/glob.h"
#include "harness/base/text.h"
#include "harness/gate/calendar_day.h"
#include "harness/gate/gate_yaml.h"

namespace skillaudit {
namespace {

std::string text_at(const YamlSource& source, const YAML::Node& entry, const std::string& key) {
  const YAML::Node node = entry[key];
  if (!node) return {};
  std::string text = text_of(source, node, "`" + key + "`");
  if (trim(text).empty())
    refuse(source, node,
           fmt::format("`{}` is empty: fill it in, or omit it to match everything", key));
  return text;
}

std::string last_day(const YamlSource& source, const YAML::Node& entry) {
  const YAML::Node node = entry["expires"];
  if (!node)
    refuse(source, entry,
           "the acceptance has no `expires`: give the last day on which it is valid, such as "
           "2027-01-31");
  std::string day = text_of(source, node, "`expires`");
  if (!is_calendar_day(day))
    refuse(source, node,
           fmt::format("`expires` is `{}`: give a date such as 2027-01-31",
                       printable(shorten(day, 40))));
  return day;
}

Acceptance entry_of(const YamlSource& source, const YAML::Node& node, const Rubric& rubric) {
  expect_keys(source, node, "an acceptance", {"rule", "skill", "what", "reason", "expires"});
  if (!node["rule"])
    refuse(source, node, "the acceptance has no `rule`: name the rule of the finding");
  return {.rule = rule_of(source, node["rule"], rubric),
          .skill = text_at(source, node, "skill"),
          .what = text_at(source, node, "what"),
          .reason = reason_of(source, node, "the acceptance"),
          .expires = last_day(source, node),
          .line = line_of(source, node)};
}

}  // namespace

Acceptances load_acceptances(std::string_view text, std::string_view file, const Rubric& rubric) {
  const YamlSource source{.file = std::string(file), .blame = ErrorKind::Usage};
  const YAML::Node root = parse_gate_file(source, text, "the acceptances", {"accept"});
  Acceptances accepted{.file = std::string(file)};
  const YAML::Node list = root["accept"];
  if (!list || list.IsNull()) return accepted;
  if (!list.IsSequence())
    refuse(source, list, "`accept` must be a list of entries, each with `- rule: …`");
  for (const auto& node : list) accepted.entries.push_back(entry_of(source, node, rubric));
  return accepted;
}

bool speaks_of(const Acceptance& entry, const Finding& finding, std::string_view skill) {
  if (entry.rule != finding.rule) return false;
  if (!entry.skill.empty() && entry.skill != skill) return false;
  if (entry.what.empty()) return true;
  return finding.unnamed == 0 && !finding.subjects.empty() &&
         std::all_of(finding.subjects.begin(), finding.subjects.end(),
                     [&](const std::string& each) { return matches_glob(entry.what, each); });
}

bool is_expired(const Acceptance& entry, std::string_view today) { return entry.expires < today; }

}  // namespace skillaudit
