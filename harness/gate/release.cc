#include "harness/gate/release.h"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/base/error.h"
#include "harness/base/json_text.h"
#include "harness/base/text.h"
#include "harness/changes/drawn_words.h"

namespace skillaudit {
namespace {

using Json = nlohmann::json;

/// Subjects of findings by rule, what is drawn anew in each run set aside.
using Subjects = std::map<std::string, std::set<std::string>>;

/// A report is a file like any other: what it says is shown to people.
std::string shown(const std::string& text) {
  std::string line = printable_block(text);
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line;
}

class ReportReader {
 public:
  explicit ReportReader(std::string_view name) : name_(name) {}

  Release read(std::string_view text) const {
    const Json report = Json::parse(text, nullptr, false);
    if (!report.is_object() || !report.contains("schema_version") || !report.contains("verdict"))
      refuse("is not a skillaudit report: give a report.json, or the bundle that contains it");
    const Json& version = report["schema_version"];
    if (!version.is_number_integer() || version < kOldestReportVersion || version > kReportVersion)
      fail(ErrorKind::Skill,
           "{} is a report of schema version {}, but this skillaudit compares versions {} to {}: "
           "generate it again with `skillaudit report BUNDLE`",
           name_, shorten(json_text(report["schema_version"]), 20), kOldestReportVersion,
           kReportVersion);
    try {
      return release(report);
    } catch (const Json::exception& error) {
      refuse(fmt::format(
          "is not a complete report ({}): generate it again with `skillaudit report BUNDLE`",
          printable(error.what())));
    }
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    fail(ErrorKind::Skill, "{} {}", name_, why);
  }

  template <typename Value>
  Value named(const Json& json, std::initializer_list<Value> values) const {
    const std::string given = json.get<std::string>();
    for (const Value value : values)
      if (given == name_of(value)) return value;
    refuse(fmt::format("contains the unknown value {}: it has another version, or was edited",
                       printable(shorten(given, 40))));
  }

  static std::optional<double> points(const Json& json) {
    return json.is_null() ? std::nullopt : std::optional(json.get<double>());
  }

  OutcomeFinding finding(const Json& json) const {
    OutcomeFinding found{
        .rule = shown(json.at("rule").get<std::string>()),
        .axis = named(json.at("axis"), {Axis::Execution, Axis::Cleanliness, Axis::Security,
                                        Axis::Portability, Axis::Documentation}),
        .severity = named(json.at("severity"),
                          {Severity::Low, Severity::Medium, Severity::High, Severity::Critical}),
        .title = shown(json.at("title").get<std::string>()),
        .unnamed = json.at("unnamed").get<std::size_t>()};
    for (const Json& each : json.at("subjects"))
      found.subjects.push_back(shown(each.get<std::string>()));
    return found;
  }

  Release release(const Json& report) const {
    Release release{
        .skill = shown(report.at("skill").at("name").get<std::string>()),
        .sha256 = shown(report.at("skill").at("sha256").get<std::string>()),
        .started_at = shown(report.at("environment").at("started_at").get<std::string>())};
    Outcome& outcome = release.outcome;
    outcome.verdict = named(report.at("verdict"), {Verdict::Approved, Verdict::NeedsReview,
                                                   Verdict::Rejected, Verdict::Inconclusive});
    outcome.after_fixing = report.at("after_fixing").get<bool>();
    if (const Json& grade = report.at("grade"); !grade.is_null())
      outcome.grade = named(grade, {Grade::A, Grade::B, Grade::C, Grade::D, Grade::F});
    outcome.overall = points(report.at("overall"));
    for (const Axis axis : kAxes)
      outcome.scores[static_cast<std::size_t>(axis)] =
          points(report.at("scores").at(std::string(name_of(axis))));
    for (const Json& each : report.at("findings")) outcome.findings.push_back(finding(each));
    read_capabilities(report, release);
    return release;
  }

  void read_capabilities(const Json& report, Release& release) const {
    const bool is_old = report.at("schema_version").get<int>() < 5;
    if (is_old) release.kinds = kFirstCapabilityKinds;
    const Json& all = report.at(is_old ? "surface" : "capabilities");
    for (std::size_t i = 0; i < release.kinds; ++i) {
      const std::string kind(name_of(kCapabilityKinds[i]));
      std::vector<std::string>& names = release.capabilities.names[i];
      for (const Json& each : all.at(kind)) names.push_back(shown(each.get<std::string>()));
      std::sort(names.begin(), names.end());
      release.capabilities.omitted[i] = all.at(kind + "_omitted").get<std::size_t>();
    }
  }

  std::string name_;
};

Subjects subjects_of(const std::vector<OutcomeFinding>& findings) {
  Subjects subjects;
  for (const OutcomeFinding& finding : findings)
    for (const std::string& each : finding.subjects)
      subjects[finding.rule].insert(without_drawn_words(each));
  return subjects;
}

std::map<std::string, std::size_t> unnamed_of(const std::vector<OutcomeFinding>& findings) {
  std::map<std::string, std::size_t> unnamed;
  for (const OutcomeFinding& finding : findings) unnamed[finding.rule] += finding.unnamed;
  return unnamed;
}

/// Whether a finding is about somebody of whom the others do not tell.
std::vector<bool> news_among(const std::vector<OutcomeFinding>& findings,
                             const std::vector<OutcomeFinding>& others) {
  const Subjects known = subjects_of(others);
  const auto unnamed_before = unnamed_of(others);
  auto unnamed_now = unnamed_of(findings);
  std::vector<bool> is_new;
  for (const OutcomeFinding& finding : findings) {
    const auto rule = known.find(finding.rule);
    const auto before = unnamed_before.find(finding.rule);
    const bool more_unnamed = finding.unnamed > 0 && before != unnamed_before.end() &&
                              unnamed_now[finding.rule] > before->second;
    is_new.push_back(
        rule == known.end() || more_unnamed ||
        std::any_of(finding.subjects.begin(), finding.subjects.end(), [&](const std::string& each) {
          return !rule->second.contains(without_drawn_words(each));
        }));
  }
  return is_new;
}

std::string line_of(const OutcomeFinding& finding) {
  return fmt::format("{} {}: {}", name_of(finding.severity), finding.rule, finding.title);
}

void compare_names(const Release& before, const Release& after, ReleaseDiff& diff) {
  for (std::size_t i = 0; i < std::min(before.kinds, after.kinds); ++i) {
    const std::string kind(name_of(kCapabilityKinds[i]));
    const auto& old_names = before.capabilities.names[i];
    const auto& new_names = after.capabilities.names[i];
    const auto only_in = [&](const auto& these, const auto& those,
                             std::vector<ReleaseDiff::Item>& out) {
      std::vector<std::string> names;
      std::set_difference(these.begin(), these.end(), those.begin(), those.end(),
                          std::back_inserter(names));
      for (std::string& name : names) out.push_back({kind, std::move(name)});
    };
    only_in(new_names, old_names, diff.added);
    only_in(old_names, new_names, diff.gone);
    // What a report does not name may be new: so it is.
    if (after.capabilities.omitted[i] > before.capabilities.omitted[i])
      diff.added.push_back({kind, fmt::format("{} more that the report does not list",
                                              after.capabilities.omitted[i])});
  }
}

/// Whether what it asks for is to send to a host that is new, and told as such.
bool is_told_as_host(const ReleaseDiff::Item& item, const ReleaseDiff& diff) {
  if (item.kind != name_of(CapabilityKind::AsksFor) || !item.name.starts_with("send "))
    return false;
  const std::string host = "://" + item.name.substr(5);
  return std::any_of(diff.added.begin(), diff.added.end(), [&](const ReleaseDiff::Item& other) {
    return other.kind == name_of(CapabilityKind::Host) && other.name.ends_with(host);
  });
}

std::string sentence(const ReleaseDiff::Item& item) {
  if (item.kind == "hosts") return "new host: " + item.name;
  if (item.kind == "packages") return "new package: " + item.name;
  if (item.kind == "persistence") return "new persistence: " + item.name;
  if (item.kind == "listeners") return "new listener: " + item.name;
  if (item.kind == "privileges") return "new privilege: " + item.name;
  if (item.kind == "reads") return "now reads " + item.name;
  if (item.kind == "deletes") return "now deletes " + item.name;
  if (item.kind == "runs") return "now runs " + item.name;
  if (item.kind == "asks_for") return "now asks to " + item.name;
  return "new finding: " + item.name;
}

}  // namespace

Release release_of(const Evidence& evidence, const Assessment& assessment,
                   SkillCapabilities capabilities) {
  return {.skill = printable(evidence.skill.name),
          .sha256 = printable(evidence.skill.sha256),
          .started_at = printable(evidence.started_at),
          .outcome = outcome_of(assessment),
          .capabilities = std::move(capabilities)};
}

Release release_of(const Evidence& evidence, const Assessment& assessment) {
  return release_of(evidence, assessment, capabilities_of(evidence, assessment));
}

Release read_release(std::string_view report, std::string_view name) {
  return ReportReader(name).read(report);
}

std::vector<ReleaseDiff::Score> score_changes(const Outcome& before, const Outcome& after) {
  std::vector<ReleaseDiff::Score> changes;
  const auto add = [&](std::string_view axis, const std::optional<double>& old_score,
                       const std::optional<double>& new_score) {
    if (old_score != new_score) changes.push_back({std::string(axis), old_score, new_score});
  };
  add("overall", before.overall, after.overall);
  for (const Axis axis : kAxes) {
    const auto i = static_cast<std::size_t>(axis);
    add(name_of(axis), before.scores[i], after.scores[i]);
  }
  return changes;
}

ReleaseDiff compare(Release before, Release after) {
  if (before.skill != after.skill)
    fail(ErrorKind::Skill,
         "the baseline is for the skill {}, but the audit is for the skill {}: give a baseline of "
         "the same skill",
         before.skill, after.skill);
  ReleaseDiff diff;
  compare_names(before, after, diff);
  diff.new_findings = news_among(after.outcome.findings, before.outcome.findings);
  for (std::size_t i = 0; i < diff.new_findings.size(); ++i)
    if (diff.new_findings[i])
      diff.added.push_back({"findings", line_of(after.outcome.findings[i])});
  const std::vector<bool> gone = news_among(before.outcome.findings, after.outcome.findings);
  for (std::size_t i = 0; i < gone.size(); ++i)
    if (gone[i]) diff.gone.push_back({"findings", line_of(before.outcome.findings[i])});
  diff.scores = score_changes(before.outcome, after.outcome);
  diff.before = std::move(before);
  diff.after = std::move(after);
  return diff;
}

std::vector<News> what_is_new(const ReleaseDiff& diff) {
  std::vector<News> news;
  for (const ReleaseDiff::Item& item : diff.added)
    if (!is_told_as_host(item, diff)) news.push_back({item.kind, sentence(item)});
  for (const ReleaseDiff::Score& score : diff.scores)
    if (score.fell())
      news.push_back({"scores", fmt::format("{} fell from {} to {}", score.axis,
                                            score_text(score.before), score_text(score.after))});
  return news;
}

}  // namespace skillaudit
