#include "harness/evidence/json.h"

#include <type_traits>

#include "harness/evidence/json_fields.h"

namespace skillaudit {

// The fields of each type, in their order in the files.

using json_fields::Json;
using json_fields::Of;

template <typename Visitor, Of<SkillFile> T>
void fields(Visitor& visit, T& file) {
  visit.field("path", file.path)
      .field("mode", file.mode)
      .field("size", file.size)
      .field("sha256", file.sha256)
      .field("link_target", file.link_target);
}

template <typename Visitor, Of<SkillText> T>
void fields(Visitor& visit, T& item) {
  visit.field("path", item.path)
      .field("text", item.text)
      .field("documents", item.documents)
      .field("executable", item.executable);
}

template <typename Visitor, Of<HardCodedPath> T>
void fields(Visitor& visit, T& item) {
  visit.field("file", item.file)
      .field("line", item.line)
      .field("path", item.path)
      .field("suggestion", item.suggestion);
}

Json written(const StaticFactKind& kind) { return std::string(name_of(kind)); }

void read(const Json& value, const std::string& what, StaticFactKind& out) {
  for (const StaticFactKind kind : kStaticFactKinds) {
    if (value != std::string(name_of(kind))) continue;
    out = kind;
    return;
  }
  json_fields::refuse(what + " is not a kind of static fact");
}

template <typename Visitor, Of<StaticFact> T>
void fields(Visitor& visit, T& fact) {
  visit.field("kind", fact.kind)
      .field("file", fact.file)
      .field("line", fact.line)
      .field("text", fact.text);
}

template <typename T>
struct IsExpected : std::false_type {};
template <typename T>
struct IsExpected<Expected<T>> : std::true_type {};

template <typename Visitor, typename T>
requires IsExpected<std::remove_const_t<T>>::value void fields(Visitor& visit, T& expected) {
  visit.field("value", expected.value).field("line", expected.line);
}

template <typename Visitor, Of<ScenarioExpectations> T>
void fields(Visitor& visit, T& expect) {
  visit.field("within", expect.within)
      .field("grade", expect.grade)
      .field("verdict", expect.verdict)
      .field("writes", expect.writes)
      .field("creates", expect.creates)
      .field("modifies", expect.modifies)
      .field("deletes", expect.deletes)
      .field("contacts", expect.contacts)
      .field("installs", expect.installs)
      .field("findings", expect.findings)
      .field("no_processes", expect.no_processes)
      .field("no_persistence", expect.no_persistence)
      .field("decoys_kept", expect.decoys_kept);
}

template <typename Visitor, Of<Scenario> T>
void fields(Visitor& visit, T& scenario) {
  visit.field("name", scenario.name)
      .field("command", scenario.command)
      .field("standard_input", scenario.standard_input)
      .field("expected_exit", scenario.expected_exit)
      .field("timeout_s", scenario.timeout_s)
      .field("line", scenario.line)
      .field("exit_line", scenario.exit_line)
      .field("expect", scenario.expect);
}

template <typename Visitor, Of<GitSource> T>
void fields(Visitor& visit, T& source) {
  visit.field("url", source.url)
      .field("ref", source.ref)
      .field("commit", source.commit)
      .field("path", source.path);
}

template <typename Visitor, Of<Skill> T>
void fields(Visitor& visit, T& skill) {
  visit.field("name", skill.name)
      .field("description", skill.description)
      .field("license", skill.license)
      .field("compatibility", skill.compatibility)
      .field("allowed_tools", skill.allowed_tools)
      .field("sha256", skill.sha256)
      .field("files", skill.files)
      .field("texts", skill.texts)
      .field("hard_coded_paths", skill.hard_coded_paths)
      .field("static_facts", skill.static_facts)
      .field("scenarios", skill.scenarios)
      .field("prompts", skill.prompts)
      .field("declares", skill.declares)
      .field("notes", skill.notes)
      .later("source", skill.source);
}

template <typename Visitor, Of<GuestNetwork> T>
void fields(Visitor& visit, T& network) {
  visit.field("guest", network.guest)
      .field("gateway", network.gateway)
      .field("resolver", network.resolver)
      .field("proxy", network.proxy)
      .field("proxy_port", network.proxy_port)
      .later("servers", network.servers)
      .later("server_ports", network.server_ports);
}

template <typename Visitor, Of<Environment> T>
void fields(Visitor& visit, T& environment) {
  visit.field("skillaudit_version", environment.skillaudit_version)
      .field("os", environment.os)
      .field("kernel", environment.kernel)
      .field("accelerator", environment.accelerator)
      .field("hypervisor", environment.hypervisor)
      .field("hypervisor_version", environment.hypervisor_version)
      .field("image", environment.image)
      .field("cpus", environment.cpus)
      .field("memory_mib", environment.memory_mib)
      .field("disk_mib", environment.disk_mib)
      .field("guest_user", environment.guest_user)
      .field("guest_home", environment.guest_home)
      .field("addresses", environment.addresses)
      .field("skill_dir", environment.skill_dir)
      .field("network", environment.network)
      .field("rules", environment.rules)
      .field("files_seen_from", environment.files_seen_from)
      .later("arranged", environment.arranged);
}

template <typename Visitor, Of<ServedAnswer> T>
void fields(Visitor& visit, T& answer) {
  visit.field("port", answer.port)
      .field("path", answer.path)
      .field("http_status", answer.http_status);
}

template <typename Visitor, Of<Step> T>
void fields(Visitor& visit, T& step) {
  visit.field("name", step.name)
      .field("command", step.command)
      .field("ran", step.ran)
      .field("reason_not_run", step.reason_not_run)
      .field("exit_code", step.exit_code)
      .field("signal", step.signal)
      .field("expected_exit", step.expected_exit)
      .field("timed_out", step.timed_out)
      .field("started_s", step.started_s)
      .field("duration_s", step.duration_s)
      .field("out", step.out)
      .field("err", step.err)
      .field("out_truncated", step.out_truncated)
      .field("err_truncated", step.err_truncated)
      .later("in_words", step.in_words)
      .later("tentative", step.tentative)
      .later("example", step.example)
      .later("hung", step.hung)
      .later("served_ports", step.served_ports)
      .later("answers", step.answers)
      .later("arguments", step.arguments)
      .later("again", step.again);
}

template <typename Visitor, Of<Execution> T>
void fields(Visitor& visit, T& execution) {
  visit.field("runner", execution.runner)
      .field("steps", execution.steps)
      .field("aborted", execution.aborted);
}

template <typename Visitor, Of<AgentControl> T>
void fields(Visitor& visit, T& control) {
  visit.field("files", control.files)
      .field("requests", control.requests)
      .field("trace", control.trace)
      .field("settings", control.settings);
}

/// The transcript is no field: it is read from what the proxy kept.
template <typename Visitor, Of<AgentRun> T>
void fields(Visitor& visit, T& agent) {
  visit.field("name", agent.name)
      .field("title", agent.title)
      .field("version", agent.version)
      .field("model", agent.model)
      .field("host", agent.host)
      .field("programs", agent.programs)
      .field("key_decoy", agent.key_decoy)
      .field("prompts", agent.prompts)
      .field("control", agent.control);
}

template <typename Visitor, Of<Decoy> T>
void fields(Visitor& visit, T& decoy) {
  visit.field("name", decoy.name).field("path", decoy.path).field("nonce", decoy.nonce);
}

template <typename Name, std::size_t kCount>
void read_name(const Json& value, const std::string& what, const std::array<Name, kCount>& known,
               Name& out) {
  for (const Name each : known) {
    if (value != std::string(name_of(each))) continue;
    out = each;
    return;
  }
  json_fields::refuse(what + " is unknown");
}

Json written(const GapKind& kind) { return std::string(name_of(kind)); }
Json written(const GapSource& source) { return std::string(name_of(source)); }
Json written(const Moment& moment) { return std::string(name_of(moment)); }
Json written(const Table& table) { return std::string(name_of(table)); }
void read(const Json& value, const std::string& what, GapKind& out) {
  read_name(value, what, kGapKinds, out);
}
void read(const Json& value, const std::string& what, GapSource& out) {
  read_name(value, what, kGapSources, out);
}
void read(const Json& value, const std::string& what, Moment& out) {
  read_name(value, what, kMoments, out);
}
void read(const Json& value, const std::string& what, Table& out) {
  read_name(value, what, kTables, out);
}

template <typename Visitor, Of<GapScope> T>
void fields(Visitor& visit, T& scope) {
  visit.field("world", scope.world).field("moment", scope.moment).field("table", scope.table);
}

template <typename Visitor, Of<Gap> T>
void fields(Visitor& visit, T& gap) {
  visit.field("kind", gap.kind)
      .field("source", gap.source)
      .field("scope", gap.scope)
      .field("text", gap.text);
}

template <typename Visitor, Of<StageTime> T>
void fields(Visitor& visit, T& stage) {
  visit.field("stage", stage.stage).field("seconds", stage.seconds);
}

Json to_json(const Skill& skill) { return json_fields::written(skill); }

Skill skill_from_json(const Json& json) { return json_fields::read_as<Skill>(json, "skill"); }

Json to_json(const Environment& environment) { return json_fields::written(environment); }

Environment environment_from_json(const Json& json) {
  return json_fields::read_as<Environment>(json, "environment");
}

Json to_json(const Execution& execution) { return json_fields::written(execution); }

Execution execution_from_json(const Json& json) {
  return json_fields::read_as<Execution>(json, "execution");
}

Json to_json(const AgentRun& agent) { return json_fields::written(agent); }

AgentRun agent_from_json(const Json& json) { return json_fields::read_as<AgentRun>(json, "agent"); }

Json to_json(const AgentControl& control) { return json_fields::written(control); }

AgentControl agent_control_from_json(const Json& json) {
  return json_fields::read_as<AgentControl>(json, "control");
}

Json to_json(const std::vector<Decoy>& decoys) { return json_fields::written(decoys); }

std::vector<Decoy> decoys_from_json(const Json& json) {
  return json_fields::read_as<std::vector<Decoy>>(json, "decoys");
}

Json to_json(const std::vector<StageTime>& timing) { return json_fields::written(timing); }

std::vector<StageTime> timing_from_json(const Json& json) {
  return json_fields::read_as<std::vector<StageTime>>(json, "timing");
}

Json to_json(const Gap& gap) { return json_fields::written(gap); }

Json to_json(const std::vector<Gap>& gaps) { return json_fields::written(gaps); }

Gap gap_from_json(const Json& json) { return json_fields::read_as<Gap>(json, "gap"); }

std::vector<Gap> gaps_from_json(const Json& json) {
  return json_fields::read_as<std::vector<Gap>>(json, "gaps");
}

}  // namespace skillaudit
