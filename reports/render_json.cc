#include <nlohmann/json.hpp>

#include "harness/analysis/assess.h"
#include "harness/analysis/gaps.h"
#include "harness/base/json_text.h"
#include "harness/base/text.h"
#include "harness/changes/process_tree.h"
#include "harness/effects/capabilities.h"
#include "harness/evidence/json.h"
#include "harness/evidence/run_samples.h"
#include "harness/gate/release.h"
#include "harness/rules/flow_text.h"
#include "reports/json_report.h"
#include "reports/overview.h"
#include "reports/render.h"
#include "reports/resources.h"

namespace skillaudit {
namespace {

/// Of the name of an effect: its evidence has all of it.
constexpr std::size_t kMostObjectText = 400;

using json_report::Json;
using json_report::or_null;
using json_report::put_rows;
using json_report::text;

Json source_json(const std::optional<GitSource>& source) {
  if (!source) return nullptr;
  return {{"url", text(source->url)},
          {"ref", text(source->ref)},
          {"commit", text(source->commit)},
          {"path", text(source->path)}};
}

Json skill_json(const Skill& skill) {
  std::uint64_t bytes = 0;
  for (const SkillFile& file : skill.files) bytes += file.size;
  Json notes = Json::array();
  for (const std::string& note : skill.notes) notes.push_back(text(note));
  return {{"name", text(skill.name)},
          {"description", text(skill.description)},
          {"license", text(skill.license)},
          {"compatibility", text(skill.compatibility)},
          {"sha256", text(skill.sha256)},
          {"files", skill.files.size()},
          {"bytes", bytes},
          {"notes", std::move(notes)},
          {"source", source_json(skill.source)}};
}

Json scores_json(const Assessment& assessment) {
  Json scores = Json::object();
  for (const Axis axis : kAxes) {
    scores[std::string(name_of(axis))] = or_null(assessment.scores[static_cast<std::size_t>(axis)]);
  }
  return scores;
}

Json finding_json(const Finding& finding) {
  Json evidence = Json::array();
  for (const Citation& citation : finding.evidence) {
    evidence.push_back({{"source", text_of(citation.source)}, {"text", citation.text}});
  }
  Json json = {{"rule", finding.rule},
               {"axis", name_of(finding.axis)},
               {"severity", name_of(finding.severity)},
               {"class", name_of(finding.effect_class)},
               {"documented", name_of(finding.named)},
               {"attack", finding.attack.empty() ? Json(nullptr) : Json(finding.attack)},
               {"deduction", finding.deduction},
               {"title", finding.title},
               {"subjects", finding.subjects},
               {"unnamed", finding.unnamed},
               {"evidence", std::move(evidence)},
               {"recommendation", finding.recommendation}};
  if (!finding.worlds.empty()) json["worlds"] = finding.worlds;
  return json;
}

/// Printable already.
Json asks_for_json(const std::vector<ConsentedEffect>& consented) {
  Json json = Json::array();
  for (const ConsentedEffect& each : consented)
    json.push_back({{"verb", name_of(each.verb)},
                    {"object", each.object},
                    {"class", name_of(each.effect_class)},
                    {"rule", each.rule},
                    {"statement", each.statement},
                    {"place", each.place}});
  return json;
}

/// Printable already.
Json effects_json(const SkillEffects& effects) {
  Json json = Json::array();
  for (const SkillEffect& each : effects.list) {
    Json evidence = Json::array();
    for (const Source& source : each.evidence) evidence.push_back(text_of(source));
    json.push_back({{"verb", name_of(each.verb)},
                    {"kind", name_of(each.kind)},
                    {"object", shorten(each.object, kMostObjectText)},
                    {"actor", each.as_root ? "root" : "user"},
                    {"class", name_of(each.effect_class)},
                    {"documented", name_of(each.named)},
                    {"rules", each.rules},
                    {"statement", each.statement},
                    {"place", each.place},
                    {"evidence", std::move(evidence)}});
  }
  return json;
}

/// Already printable.
Json capabilities_json(const SkillCapabilities& capabilities) {
  Json json = Json::object();
  for (const CapabilityKind kind : kCapabilityKinds) {
    const std::string key(name_of(kind));
    put_rows(json, key, capabilities.of(kind),
             [](const std::string& name) { return shorten(name, json_report::kMostJsonText); });
    Json& omitted = json[key + "_omitted"];
    omitted = omitted.get<std::size_t>() + capabilities.omitted[static_cast<std::size_t>(kind)];
  }
  return json;
}

Json network_json(const Evidence& evidence) {
  Json rules = Json::array();
  for (const std::string& rule : evidence.environment.rules) rules.push_back(text(rule));
  Json json = {{"mode", text(evidence.environment.network)}, {"rules", std::move(rules)}};
  std::size_t blocked = 0;
  for (const Flow& flow : evidence.flows) blocked += flow.allowed || flow.answered ? 0 : 1;
  json["flows"] = evidence.flows.size();
  json["blocked"] = blocked;
  put_rows(json, "hosts", host_traffic(evidence), [](const HostTraffic& host) -> Json {
    Json row = {{"origin", text(host.origin)},     {"allowed", host.allowed},
                {"blocked", host.blocked},         {"bytes_sent", host.sent},
                {"bytes_received", host.received}, {"packages", host.packages}};
    if (host.answered > 0) row["answered"] = host.answered;
    return row;
  });
  std::vector<const Flow*> own;
  for (const Flow& flow : evidence.flows) {
    if (flow.group != "mirrors") own.push_back(&flow);
  }
  put_rows(json, "requests", own, [](const Flow* flow) -> Json {
    Json row = {{"id", flow->id},
                {"kind", text(flow->kind)},
                {"method", text(flow->method)},
                {"origin", text(origin_of(*flow))},
                {"path", shorten(printable(flow->path), json_report::kMostJsonText)},
                {"status", or_null(flow->status)},
                {"allowed", flow->allowed},
                {"rule", text(flow->rule)},
                {"request_size", flow->request_size},
                {"request_sha256", text(flow->request_sha256)},
                {"request_body", text(flow->request_body)}};
    if (flow->answered) row["answered"] = true;
    return row;
  });
  put_rows(json, "past_the_proxy", evidence.wire.contacts, [](const WireContact& contact) -> Json {
    return {{"protocol", text(contact.protocol)},
            {"address", text(contact.address)},
            {"port", contact.port},
            {"frames", contact.frames},
            {"bytes", contact.bytes},
            {"first_s", contact.first_s}};
  });
  put_rows(json, "names_asked", evidence.wire.names, [](const NameAsked& asked) -> Json {
    return {{"name", text(asked.name)}, {"type", text(asked.type)}, {"count", asked.count}};
  });
  return json;
}

/// The end of an output tells how it ended.
std::string tail(std::string_view output) {
  const bool cut = output.size() > json_report::kMostJsonText;
  if (cut) output = output.substr(output.size() - json_report::kMostJsonText);
  return (cut ? "…" : "") + printable_block(output);
}

Json execution_json(const Execution& execution, const std::vector<StepEnd>& ends) {
  Json json = {{"runner", text(execution.runner)}, {"aborted", text(execution.aborted)}};
  put_rows(json, "steps", execution.steps, [&](const Step& step) -> Json {
    const StepEnd& end = end_at(ends, static_cast<std::size_t>(&step - execution.steps.data()));
    Json answers = Json::array();
    for (const ServedAnswer& answer : step.answers)
      answers.push_back({{"port", answer.port},
                         {"path", text(answer.path)},
                         {"http_status", or_null(answer.http_status)}});
    return {{"name", text(step.name)},
            {"command", shorten(printable_block(step.command), json_report::kMostJsonText)},
            {"in_words", text(step.in_words)},
            {"tentative", step.tentative},
            {"ran", step.ran},
            {"reason_not_run", text(step.reason_not_run)},
            {"exit_code", or_null(step.exit_code)},
            {"expected_exit", step.expected_exit},
            {"signal", text(step.signal)},
            {"timed_out", step.timed_out},
            {"cause", name_of(end.cause)},
            {"lacks", text(end.what)},
            {"again", text(step.again)},
            {"served_ports", step.served_ports},
            {"answers", std::move(answers)},
            {"stdout", tail(step.out)},
            {"stderr", tail(step.err)}};
  });
  return json;
}

Json environment_json(const Evidence& evidence) {
  const Environment& environment = evidence.environment;
  Json json = {{"skillaudit_version", text(environment.skillaudit_version)},
               {"started_at", text(evidence.started_at)},
               {"os", text(environment.os)},
               {"kernel", text(environment.kernel)},
               {"accelerator", text(environment.accelerator)},
               {"hypervisor", text(environment.hypervisor)},
               {"hypervisor_version", text(environment.hypervisor_version)},
               {"image", text(environment.image)},
               {"cpus", environment.cpus},
               {"memory_mib", environment.memory_mib},
               {"disk_mib", environment.disk_mib},
               {"guest_user", text(environment.guest_user)},
               {"guest_home", text(environment.guest_home)},
               {"skill_dir", text(environment.skill_dir)},
               {"files_seen_from", text(environment.files_seen_from)}};
  // What every guest has is not news.
  for (const std::string& each : environment.arranged) json["arranged"].push_back(text(each));
  return json;
}

/// The files of rules that were in force beside the shipped ones.
Json added_rules_json(const Rubric& rubric) {
  Json files = Json::array();
  for (const AddedRules& each : rubric.added)
    files.push_back({{"file", each.file}, {"sha256", each.sha256}, {"rules", each.rules}});
  return files;
}

Json resources_json(const std::vector<ResourceSample>& samples) {
  const ResourcePeaks peaks = peaks_of(samples);
  Json rows = Json::array();
  for (const ResourceSample& sample : thinned(samples, json_report::kMostJsonRows)) {
    rows.push_back({{"time_s", sample.time_s},
                    {"cpus", sample.cpus},
                    {"memory_bytes", sample.memory_bytes},
                    {"disk_written_bytes", sample.disk_written_bytes},
                    {"network_bytes", sample.network_bytes}});
  }
  return {{"peaks",
           {{"cpus", peaks.cpus},
            {"memory_bytes", peaks.memory_bytes},
            {"disk_written_bytes", peaks.disk_written_bytes},
            {"network_bytes", peaks.network_bytes},
            {"disk_written_per_s", peaks.disk_written_per_s},
            {"network_per_s", peaks.network_per_s}}},
          {"samples", std::move(rows)}};
}

Json timing_json(const Evidence& evidence) {
  Json stages = Json::array();
  for (const StageTime& stage : evidence.timing) {
    stages.push_back({{"stage", text(stage.stage)}, {"seconds", stage.seconds}});
  }
  Json steps = Json::array();
  for (const Step& step : evidence.execution.steps) {
    if (steps.size() == json_report::kMostJsonRows) break;
    steps.push_back({{"step", text(step.name)},
                     {"started_s", step.started_s},
                     {"duration_s", step.duration_s}});
  }
  return {{"stages", std::move(stages)}, {"steps", std::move(steps)}};
}

Json agent_json(const Evidence& evidence) {
  const AgentRun& agent = evidence.agent;
  if (agent.name.empty()) return nullptr;
  const Transcript& transcript = agent.transcript;
  Json json = {{"name", agent.name},
               {"title", agent.title},
               {"version", agent.version},
               {"model", agent.model},
               {"host", agent.host},
               {"prompts", Json::array()},
               {"exchanges", transcript.exchanges},
               {"input_tokens", transcript.input_tokens},
               {"output_tokens", transcript.output_tokens},
               {"cost_usd", or_null(transcript.cost_usd)},
               {"offered", transcript.offered},
               {"triggered", transcript.triggered},
               {"files_read", Json::array()},
               {"files_run", Json::array()},
               {"last_text", text(transcript.last_text)},
               {"last_error", text(transcript.last_error)}};
  for (const std::string& prompt : agent.prompts) json["prompts"].push_back(text(prompt));
  for (const std::string& file : transcript.files_read) json["files_read"].push_back(text(file));
  for (const std::string& file : files_run(evidence)) json["files_run"].push_back(text(file));
  put_rows(json, "calls", transcript.actions, [](const AgentAction& action) -> Json {
    return {{"tool", text(action.tool)},       {"kind", action.kind},
            {"what", text(action.what)},       {"result", text(action.result)},
            {"answered", action.answered},     {"is_error", action.is_error},
            {"source", text_of(action.source)}};
  });
  return json;
}

}  // namespace

std::string render_json(const Evidence& evidence, const Assessment& assessment) {
  Json findings = Json::array();
  for (const Finding& finding : assessment.findings) findings.push_back(finding_json(finding));
  Json recommendations = Json::array();
  for (const Recommendation& each : assessment.recommendations) {
    recommendations.push_back({{"severity", name_of(each.severity)}, {"text", each.text}});
  }
  const SkillEffects effects = effects_of(evidence, assessment);
  Json json = {{"schema_version", kReportVersion}, {"skill", skill_json(evidence.skill)}};
  json["verdict"] = name_of(assessment.verdict);
  json["after_fixing"] = assessment.after_fixing;
  json["grade"] = assessment.grade ? Json(name_of(*assessment.grade)) : Json(nullptr);
  json["overall"] = or_null(assessment.overall);
  json["scores"] = scores_json(assessment);
  json["reasons"] = assessment.reasons;
  json["findings"] = std::move(findings);
  json["asks_for"] = asks_for_json(assessment.consented);
  json["recommendations"] = std::move(recommendations);
  json["effects"] = effects_json(effects);
  json["effects_omitted"] = effects.all_omitted();
  json["capabilities"] = capabilities_json(capabilities_of(evidence, assessment, effects));
  json["changes"] = json_report::changes_of(assessment);
  json["packages"] = json_report::packages_of(evidence, assessment);
  json["processes"] = json_report::processes_of(assessment.changes);
  json["network"] = network_json(evidence);
  json["execution"] = execution_json(evidence.execution, assessment.ends);
  json["coverage"] = json_report::coverage_of(assessment.coverage);
  json["agent"] = agent_json(evidence);
  json["environment"] = environment_json(evidence);
  json_report::put_worlds(json, evidence);
  json["added_rules"] = added_rules_json(rubric_of(assessment));
  json["timing"] = timing_json(evidence);
  json["resources"] = resources_json(samples_of_run(evidence));
  json["gaps"] = to_json(all_gaps(evidence, assessment));
  return json_text(json, 2) + "\n";
}

}  // namespace skillaudit
