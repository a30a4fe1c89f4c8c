#include <fmt/core.h>

#include <map>

#include <chrono>
#include <nlohmann/json.hpp>
#include <sstream>

#include "harness/analysis/assess.h"
#include "harness/base/json_text.h"
#include "harness/base/text.h"
#include "harness/base/version.h"
#include "reports/ci_formats.h"
#include "reports/gated.h"
#include "reports/markdown_text.h"
#include "reports/sarif_fingerprints.h"
#include "reports/sarif_rules.h"
#include "reports/uri.h"

namespace skillaudit {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kSchema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Messages have links of their own, "[text](target)", which no text of a guest may become.
std::string plain(std::string_view text) {
  if (text.find("](") == std::string_view::npos) return std::string(text);
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']') out += '\\';
    out += c;
  }
  return out;
}

template <typename Value>
Json or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

struct Run {
  const Evidence& evidence;
  const Assessment& assessment;
  const GateResult* gate;
  const CiPlace& place;
  GatedAudit audit;
  std::string skill;  ///< its name, printable
  const Rubric& rubric = rubric_of(assessment);
};

Json location_of(const Run& run, const SourceLocation& source) {
  const bool in_repository = !run.place.folder.empty();
  return {{"physicalLocation",
           {{"artifactLocation",
             {{"uri", relative_uri(path_in_repository(run.place.folder, source.file))},
              {"uriBaseId", in_repository ? "%SRCROOT%" : "SKILL"}}},
            // GitHub wants a line of each.
            {"region", {{"startLine", std::max(source.line, 1)}}}}}};
}

Json message_of(const Finding& finding) {
  std::string text = finding.title;
  std::string markdown = markdown_sentence(finding.title);
  if (!finding.recommendation.empty()) {
    text += "\n" + finding.recommendation;
    markdown += "\n\n" + markdown_sentence(finding.recommendation);
  }
  markdown += "\n\n";
  for (const Citation& citation : finding.evidence)
    markdown += fmt::format("- {}: {}\n", markdown_code(text_of(citation.source)),
                            markdown_code(citation.text));
  return {{"text", plain(text)}, {"markdown", std::move(markdown)}};
}

Json properties_of(const GatedFinding& each, bool at_run_time) {
  const Finding& finding = *each.finding;
  Json cited = Json::array();
  for (const Citation& citation : finding.evidence)
    cited.push_back({{"source", text_of(citation.source)}, {"text", citation.text}});
  Json properties = {{"severity", name_of(each.gate.severity)},
                     {"axis", name_of(finding.axis)},
                     {"deduction", finding.deduction},
                     {"observedAtRunTime", at_run_time},
                     {"subjects", finding.subjects},
                     {"evidence", std::move(cited)}};
  if (!finding.attack.empty()) properties["attack"] = finding.attack;
  return properties;
}

void put_locations(Json& result, const Run& run, const std::vector<SourceLocation>& places) {
  // What only the run showed has no place in the skill's text, and GitHub drops results without
  // one: the skill's instructions stand for it.
  const SourceLocation stand_in{"SKILL.md", 1};
  result["locations"] = {location_of(run, places.empty() ? stand_in : places.front())};
  for (std::size_t i = 1; i < places.size(); ++i) {
    Json related = location_of(run, places[i]);
    related["id"] = i;
    result["relatedLocations"].push_back(std::move(related));
  }
}

Json result_of(const Run& run, const GatedFinding& each, Fingerprints& fingerprints) {
  const Finding& finding = *each.finding;
  const std::vector<SourceLocation> places = source_locations(finding, run.evidence.skill);
  Json result = {{"ruleId", finding.rule}};
  if (const RubricRule* rule = run.rubric.find(finding.rule))
    result["ruleIndex"] = rule - run.rubric.rules.data();
  result["level"] = sarif_level(each.gate.severity);
  result["message"] = message_of(finding);
  put_locations(result, run, places);
  const std::string fingerprint = fingerprints.of(finding, run.skill);
  result["partialFingerprints"] = {{"ruleAndOffenders/v1", fingerprint}};
  // GitHub tells alerts of a rule apart by the text of their line, which for what the run showed is
  // always the same one, unless it is told better.
  if (places.empty()) result["partialFingerprints"]["primaryLocationLineHash"] = fingerprint;
  if (run.gate != nullptr) {
    // Empty says that it was asked about, and that nothing suppresses it.
    result["suppressions"] = Json::array();
    if (each.gate.standing != Standing::Counts)
      result["suppressions"].push_back({{"kind", "external"},
                                        {"status", "accepted"},
                                        {"justification", plain(why_set_aside(each.gate))}});
    if (run.gate->since) result["baselineState"] = each.gate.is_new ? "new" : "unchanged";
  }
  result["properties"] = properties_of(each, places.empty());
  return result;
}

Json inconclusive_result(const Run& run, const std::vector<std::string>& missing) {
  std::string text = fmt::format("The audit of {} has no verdict: evidence is missing.", run.skill);
  std::string markdown = markdown_prose(text) + "\n\n";
  for (const std::string& each : missing) {
    text += "\n" + each;
    markdown += "- " + markdown_prose(each) + "\n";
  }
  Json result = {{"ruleId", kInconclusiveRule},
                 {"ruleIndex", run.rubric.rules.size()},
                 {"level", "error"},
                 {"message", {{"text", plain(text)}, {"markdown", std::move(markdown)}}}};
  put_locations(result, run, {});
  Finding same;
  same.rule = kInconclusiveRule;
  const std::string fingerprint = Fingerprints().of(same, run.skill);
  result["partialFingerprints"] = {{"ruleAndOffenders/v1", fingerprint},
                                   {"primaryLocationLineHash", fingerprint}};
  result["properties"] = {{"observedAtRunTime", true}, {"missing", missing}};
  return result;
}

/// "2026-11-22T12:00:00Z" some seconds later; empty where it is no such time.
std::string later(const std::string& time, double seconds) {
  std::tm parts{};
  const char* const end = strptime(time.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  if (end == nullptr || *end != '\0' || time.size() != 20) return {};
  const std::time_t then = timegm(&parts) + static_cast<std::time_t>(seconds);
  std::tm result{};
  if (gmtime_r(&then, &result) == nullptr) return {};
  std::array<char, 32> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &result);
  return {text.data(), length};
}

Json invocation_of(const Run& run, const std::vector<std::string>& missing) {
  const bool successful = run.assessment.verdict != Verdict::Inconclusive &&
                          run.audit.in_force.verdict != Verdict::Inconclusive;
  Json invocation = {{"executionSuccessful", successful}, {"exitCode", run.audit.exit_code}};
  const std::string& began = run.evidence.started_at;
  if (const std::string ended = later(began, seconds_of(run.evidence)); !ended.empty()) {
    invocation["startTimeUtc"] = began;
    invocation["endTimeUtc"] = ended;
  }
  Json notifications = Json::array();
  for (const std::string& each : missing)
    notifications.push_back({{"descriptor", {{"id", "evidence.missing"}, {"index", 0}}},
                             {"level", "error"},
                             {"message", {{"text", plain(each)}}}});
  invocation["toolExecutionNotifications"] = std::move(notifications);
  return invocation;
}

Json driver_of(const Run& run) {
  std::map<std::string_view, Severity> worst;
  for (const GatedFinding& each : run.audit.findings) {
    if (each.gate.standing != Standing::Counts) continue;
    const auto [known, is_new] = worst.emplace(each.finding->rule, each.gate.severity);
    known->second = std::max(known->second, each.gate.severity);
  }
  // All rules, not only those that have a result: what has none was looked for and not found.
  return {{"name", "skillaudit"},
          {"semanticVersion", kVersion},
          {"rules", sarif_rules(run.rubric, worst)},
          {"notifications",
           {{{"id", "evidence.missing"},
             {"shortDescription", {{"text", "Part of the audit's evidence is missing"}}},
             {"defaultConfiguration", {{"level", "error"}}}}}}};
}

Json outcome_json(const Outcome& outcome) {
  Json scores = Json::object();
  for (const Axis axis : kAxes)
    scores[std::string(name_of(axis))] = or_null(outcome.scores[static_cast<std::size_t>(axis)]);
  return {{"verdict", name_of(outcome.verdict)},
          {"afterFixing", outcome.after_fixing},
          {"grade", outcome.grade ? Json(name_of(*outcome.grade)) : Json(nullptr)},
          {"overall", or_null(outcome.overall)},
          {"scores", std::move(scores)}};
}

Json run_properties(const Run& run) {
  Json properties = outcome_json(gated(run.assessment, nullptr).in_force);
  properties["skill"] = {{"name", run.skill}, {"sha256", printable(run.evidence.skill.sha256)}};
  properties["auditedBy"] = printable(run.evidence.environment.skillaudit_version);
  properties["os"] = printable(run.evidence.environment.os);
  for (const AddedRules& each : run.rubric.added)
    properties["addedRules"].push_back({{"file", each.file}, {"sha256", each.sha256}});
  if (run.gate == nullptr) return properties;
  Json gate = {{"passed", run.gate->passed},
               {"failures", run.gate->failures},
               {"notes", run.gate->notes},
               {"inForce", outcome_json(run.audit.in_force)}};
  if (run.gate->since) {
    const auto items = [](const std::vector<ReleaseDiff::Item>& news) {
      Json list = Json::array();
      for (const ReleaseDiff::Item& item : news)
        list.push_back({{"kind", item.kind}, {"name", item.name}});
      return list;
    };
    gate["new"] = items(run.gate->since->added);
    // As results with the baseline state "absent", they would be open alerts on GitHub, which does
    // not read that state.
    gate["gone"] = items(run.gate->since->gone);
  }
  properties["gate"] = std::move(gate);
  return properties;
}

Json results_of(const Run& run, const std::vector<std::string>& missing) {
  Json results = Json::array();
  if (run.assessment.verdict == Verdict::Inconclusive ||
      run.audit.in_force.verdict == Verdict::Inconclusive)
    results.push_back(inconclusive_result(run, missing));
  Fingerprints fingerprints;
  for (const GatedFinding& each : run.audit.findings)
    results.push_back(result_of(run, each, fingerprints));
  return results;
}

std::string category_of(const Run& run) {
  return run.place.category.empty() ? run.skill : shorten(printable(run.place.category), 200);
}

Json base_ids(const Run& run) {
  if (run.place.folder.empty())
    return {{"SKILL", {{"description", {{"text", "The skill's folder"}}}}}};
  return {{"%SRCROOT%", {{"description", {{"text", "The repository that contains the skill"}}}}}};
}

}  // namespace

std::string render_sarif(const Evidence& evidence, const Assessment& assessment,
                         const GateResult* gate, const CiPlace& place) {
  const Run run{evidence,
                assessment,
                gate,
                place,
                gated(assessment, gate),
                shorten(printable(evidence.skill.name), 200)};
  const std::vector<std::string> missing = missing_evidence(evidence, assessment);
  Json json = {{"tool", {{"driver", driver_of(run)}}}};
  json["automationDetails"] = {
      // One category for each skill, or the results of one would close those of another. The id
      // ends
      // in a slash: what comes after it names one run of the category.
      {"id", fmt::format("skillaudit/{}/", uri_segment(category_of(run)))},
      {"guid", audit_guid(run.skill, evidence.skill.sha256, evidence.started_at)}};
  if (gate != nullptr && gate->since)
    json["baselineGuid"] = audit_guid(gate->since->before.skill, gate->since->before.sha256,
                                      gate->since->before.started_at);
  json["originalUriBaseIds"] = base_ids(run);
  json["invocations"] = {invocation_of(run, missing)};
  json["results"] = results_of(run, missing);
  json["properties"] = run_properties(run);
  const Json log = {{"$schema", kSchema}, {"version", "2.1.0"}, {"runs", {std::move(json)}}};
  return json_text(log, 2) + "\n";
}

}  // namespace skillaudit
