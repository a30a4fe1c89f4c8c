#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "harness/analysis/flow_text.h"
#include "harness/analysis/process_tree.h"
#include "harness/analysis/run_samples.h"
#include "harness/analysis/surface.h"
#include "harness/base/text.h"
#include "harness/gate/release.h"
#include "reports/overview.h"
#include "reports/render.h"
#include "reports/resources.h"

namespace skillaudit {
namespace {

using Json = nlohmann::ordered_json;

/// Lists of what the guest did end here; `omitted` beside them says how many are not shown. The
/// bundle holds all of them.
constexpr std::size_t kMostRows = 1000;
constexpr std::size_t kMostOutput = 4096;

Json text(std::string_view raw) { return printable(raw); }

template <typename Value>
Json or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

/// The first rows as JSON under `key`, and the number of the others as "KEY_omitted".
template <typename Rows, typename Make>
void put_rows(Json& object, const std::string& key, const Rows& rows, Make make) {
  Json list = Json::array();
  for (std::size_t i = 0; i < rows.size() && i < kMostRows; ++i) list.push_back(make(rows[i]));
  object[key] = std::move(list);
  object[key + "_omitted"] = rows.size() - object[key].size();
}

template <typename Row, typename Describe>
void put_changes(Json& object, const std::string& key, const std::vector<RowChange<Row>>& changes,
                 Describe describe) {
  put_rows(object, key, changes, [&](const RowChange<Row>& change) {
    Json row = {{"change", name_of(change.kind)}};
    row["before"] = change.kind == ChangeKind::Added ? Json(nullptr) : describe(change.before);
    row["after"] = change.kind == ChangeKind::Deleted ? Json(nullptr) : describe(change.after);
    return row;
  });
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
          {"notes", std::move(notes)}};
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
    evidence.push_back({{"source", citation.source}, {"text", citation.text}});
  }
  return {{"rule", finding.rule},
          {"axis", name_of(finding.axis)},
          {"severity", name_of(finding.severity)},
          {"attack", finding.attack.empty() ? Json(nullptr) : Json(finding.attack)},
          {"deduction", finding.deduction},
          {"title", finding.title},
          {"subjects", finding.subjects},
          {"unnamed", finding.unnamed},
          {"evidence", std::move(evidence)},
          {"recommendation", finding.recommendation}};
}

/// Already printable.
Json surface_json(const Surface& surface) {
  Json json = Json::object();
  for (const SurfaceKind kind : kSurfaceKinds)
    put_rows(json, std::string(name_of(kind)), surface.of(kind),
             [](const std::string& name) { return shorten(name, kMostOutput); });
  return json;
}

Json file_json(const FileChange& change) {
  const bool deleted = change.kind == ChangeKind::Deleted;
  const FileEntry& entry = deleted ? change.before : change.after;
  return {{"path", text(change.path())},
          {"change", name_of(change.kind)},
          {"type", name_of(entry.type)},
          {"size", entry.size},
          {"mode", fmt::format("{:04o}", entry.mode)},
          {"uid", entry.uid},
          {"gid", entry.gid},
          {"link_target", text(entry.link_target)},
          {"sha256", text(change.sha256)}};
}

Json files_json(const Assessment& assessment) {
  const FileOverview overview = file_overview(assessment, 0);
  Json files = Json::object();
  for (const ChangeKind kind : {ChangeKind::Added, ChangeKind::Modified, ChangeKind::Deleted}) {
    const FileTotals& totals = overview.totals[static_cast<std::size_t>(kind)];
    files[std::string(name_of(kind))] = {{"count", totals.files}, {"bytes", totals.bytes}};
  }
  Json origins = Json::object();
  for (const Origin origin : {Origin::Skill, Origin::Package, Origin::PackageManager,
                              Origin::System, Origin::SkillFolder, Origin::Agent}) {
    origins[std::string(name_of(origin))] = overview.by_origin[static_cast<std::size_t>(origin)];
  }
  files["by_origin"] = std::move(origins);
  std::vector<const FileChange*> own;
  for (const FileChange& change : assessment.changes.files) {
    if (change.origin == Origin::Skill) own.push_back(&change);
  }
  put_rows(files, "list", own, [](const FileChange* change) { return file_json(*change); });
  return files;
}

Json changes_json(const Assessment& assessment) {
  const Changes& changes = assessment.changes;
  Json json = {{"files", files_json(assessment)}};
  put_changes(json, "units", changes.units, [](const Unit& unit) -> Json {
    return {{"scope", text(unit.scope)},           {"id", text(unit.id)},
            {"load_state", text(unit.load_state)}, {"active_state", text(unit.active_state)},
            {"sub_state", text(unit.sub_state)},   {"unit_file_state", text(unit.unit_file_state)}};
  });
  put_changes(json, "cron", changes.cron, [](const CronEntry& entry) -> Json {
    return {{"source", text(entry.source)}, {"user", text(entry.user)}, {"line", text(entry.line)}};
  });
  put_changes(json, "users", changes.users, [](const User& user) -> Json {
    return {{"username", text(user.username)},
            {"uid", user.uid},
            {"gid", user.gid},
            {"directory", text(user.directory)},
            {"shell", text(user.shell)}};
  });
  put_changes(json, "groups", changes.groups, [](const Group& group) -> Json {
    Json members = Json::array();
    for (const std::string& member : group.members) members.push_back(text(member));
    return {{"groupname", text(group.groupname)}, {"gid", group.gid}, {"members", members}};
  });
  put_changes(json, "kernel_modules", changes.kernel_modules,
              [](const std::string& name) { return text(name); });
  put_changes(json, "mounts", changes.mounts, [](const Mount& mount) -> Json {
    return {{"device", text(mount.device)}, {"path", text(mount.path)}, {"type", text(mount.type)}};
  });
  put_rows(json, "config", changes.config, [](const ConfigDiff& diff) -> Json {
    return {{"path", text(diff.path)},
            {"change", name_of(diff.kind)},
            {"diff", shorten(printable_block(diff.unified), kMostOutput)}};
  });
  put_rows(json, "setuid", changes.new_setuid, [](const FileEntry& entry) -> Json {
    return {{"path", text(entry.path)},
            {"mode", fmt::format("{:04o}", entry.mode)},
            {"uid", entry.uid},
            {"gid", entry.gid}};
  });
  return json;
}

Json package_json(const Package& package) {
  return {{"manager", text(package.manager)},
          {"name", text(package.name)},
          {"version", text(package.version)},
          {"location", text(package.location)}};
}

Json packages_json(const Evidence& evidence, const Assessment& assessment) {
  Json json = Json::object();
  put_rows(json, "installed", package_overview(evidence, assessment), [](const NewPackage& each) {
    Json row = package_json(each.package);
    row["role"] = name_of(each.role);
    row["documented"] = each.documented;
    return row;
  });
  std::vector<RowChange<Package>> removed;
  std::vector<RowChange<Package>> changed;
  for (const RowChange<Package>& change : assessment.changes.packages) {
    if (change.kind == ChangeKind::Deleted) removed.push_back(change);
    if (change.kind == ChangeKind::Modified) changed.push_back(change);
  }
  put_rows(json, "removed", removed,
           [](const RowChange<Package>& change) { return package_json(change.before); });
  put_rows(json, "changed", changed, [](const RowChange<Package>& change) -> Json {
    return {{"manager", text(change.after.manager)},
            {"name", text(change.after.name)},
            {"version_before", text(change.before.version)},
            {"version_after", text(change.after.version)}};
  });
  return json;
}

/// Without process ids, start times and the ports that the kernel picks: they differ each time.
Json processes_json(const Changes& changes) {
  std::vector<const ProcessEntry*> left;
  std::size_t ended = 0;
  for (const RowChange<ProcessEntry>& change : changes.processes) {
    if (change.kind == ChangeKind::Added) left.push_back(&change.after);
    if (change.kind == ChangeKind::Deleted) ++ended;
  }
  Json json = {{"ended", ended}};
  put_rows(json, "left", left, [](const ProcessEntry* process) -> Json {
    Json command = Json::array();
    for (const std::string& word : process->command_line) {
      command.push_back(shorten(printable(word), kMostOutput));
    }
    return {{"name", text(process->name)},
            {"path", text(process->path)},
            {"username", text(process->username)},
            {"command_line", std::move(command)},
            {"child_of_init", process->parent <= 1}};
  });
  std::vector<const SocketEntry*> listening;
  for (const RowChange<SocketEntry>& change : changes.sockets) {
    if (change.kind == ChangeKind::Added && change.after.state == "LISTEN") {
      listening.push_back(&change.after);
    }
  }
  put_rows(json, "listening", listening, [](const SocketEntry* socket) -> Json {
    return {{"protocol", text(socket->protocol)},
            {"address", text(socket->local_address)},
            {"port", socket->local_port},
            {"path", text(socket->path)}};
  });
  return json;
}

Json network_json(const Evidence& evidence) {
  Json rules = Json::array();
  for (const std::string& rule : evidence.environment.rules) rules.push_back(text(rule));
  Json json = {{"mode", text(evidence.environment.network)}, {"rules", std::move(rules)}};
  std::size_t blocked = 0;
  for (const Flow& flow : evidence.flows) blocked += flow.allowed ? 0 : 1;
  json["flows"] = evidence.flows.size();
  json["blocked"] = blocked;
  put_rows(json, "hosts", host_traffic(evidence), [](const HostTraffic& host) -> Json {
    return {{"origin", text(host.origin)},     {"allowed", host.allowed},
            {"blocked", host.blocked},         {"bytes_sent", host.sent},
            {"bytes_received", host.received}, {"packages", host.packages}};
  });
  std::vector<const Flow*> own;
  for (const Flow& flow : evidence.flows) {
    if (flow.group != "mirrors") own.push_back(&flow);
  }
  put_rows(json, "requests", own, [](const Flow* flow) -> Json {
    return {{"id", flow->id},
            {"kind", text(flow->kind)},
            {"method", text(flow->method)},
            {"origin", text(origin_of(*flow))},
            {"path", shorten(printable(flow->path), kMostOutput)},
            {"status", or_null(flow->status)},
            {"allowed", flow->allowed},
            {"rule", text(flow->rule)},
            {"request_size", flow->request_size},
            {"request_sha256", text(flow->request_sha256)},
            {"request_body", text(flow->request_body)}};
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
  const bool cut = output.size() > kMostOutput;
  if (cut) output = output.substr(output.size() - kMostOutput);
  return (cut ? "…" : "") + printable_block(output);
}

Json execution_json(const Execution& execution) {
  Json json = {{"runner", text(execution.runner)}, {"aborted", text(execution.aborted)}};
  put_rows(json, "steps", execution.steps, [](const Step& step) -> Json {
    return {{"name", text(step.name)},
            {"command", shorten(printable_block(step.command), kMostOutput)},
            {"ran", step.ran},
            {"reason_not_run", text(step.reason_not_run)},
            {"exit_code", or_null(step.exit_code)},
            {"expected_exit", step.expected_exit},
            {"signal", text(step.signal)},
            {"timed_out", step.timed_out},
            {"stdout", tail(step.out)},
            {"stderr", tail(step.err)}};
  });
  return json;
}

Json environment_json(const Evidence& evidence) {
  const Environment& environment = evidence.environment;
  return {{"skillaudit_version", text(environment.skillaudit_version)},
          {"started_at", text(evidence.started_at)},
          {"os", text(environment.os)},
          {"kernel", text(environment.kernel)},
          {"accelerator", text(environment.accelerator)},
          {"qemu_version", text(environment.qemu_version)},
          {"image", text(environment.image)},
          {"cpus", environment.cpus},
          {"memory_mib", environment.memory_mib},
          {"disk_mib", environment.disk_mib},
          {"guest_user", text(environment.guest_user)},
          {"guest_home", text(environment.guest_home)},
          {"skill_dir", text(environment.skill_dir)},
          {"files_seen_from", text(environment.files_seen_from)}};
}

Json resources_json(const std::vector<ResourceSample>& samples) {
  const ResourcePeaks peaks = peaks_of(samples);
  Json rows = Json::array();
  for (const ResourceSample& sample : thinned(samples, kMostRows)) {
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
    if (steps.size() == kMostRows) break;
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
    return {{"tool", text(action.tool)},   {"kind", action.kind},
            {"what", text(action.what)},   {"result", text(action.result)},
            {"answered", action.answered}, {"is_error", action.is_error},
            {"source", action.source}};
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
  Json json = {{"schema_version", kReportVersion}, {"skill", skill_json(evidence.skill)}};
  json["verdict"] = name_of(assessment.verdict);
  json["after_fixing"] = assessment.after_fixing;
  json["grade"] = assessment.grade ? Json(name_of(*assessment.grade)) : Json(nullptr);
  json["overall"] = or_null(assessment.overall);
  json["scores"] = scores_json(assessment);
  json["reasons"] = assessment.reasons;
  json["findings"] = std::move(findings);
  json["recommendations"] = std::move(recommendations);
  json["surface"] = surface_json(surface_of(evidence, assessment));
  json["changes"] = changes_json(assessment);
  json["packages"] = packages_json(evidence, assessment);
  json["processes"] = processes_json(assessment.changes);
  json["network"] = network_json(evidence);
  json["execution"] = execution_json(evidence.execution);
  json["agent"] = agent_json(evidence);
  json["environment"] = environment_json(evidence);
  json["timing"] = timing_json(evidence);
  json["resources"] = resources_json(samples_of_run(evidence));
  json["gaps"] = all_gaps(evidence);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace skillaudit
