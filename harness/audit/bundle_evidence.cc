#include "harness/audit/bundle_evidence.h"

#include <fmt/core.h>

#include <algorithm>
#include <future>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/analysis/gaps.h"
#include "harness/audit/model_end.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/evidence/bundle.h"
#include "harness/evidence/decoy_copies.h"
#include "harness/evidence/json.h"
#include "harness/model/transcript.h"
#include "harness/observe/watch.h"
#include "harness/sensors/decoys.h"
#include "harness/sensors/machine_log.h"
#include "harness/sensors/trace_log.h"
#include "harness/sensors/wire.h"
#include "harness/traffic/flow_log.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr int kSchemaVersion = 4;
/// A bundle is read on the host's terms, whatever was put in it.
constexpr std::uint64_t kFlowLogLimit = 512ULL << 20;
/// Bodies are kept up to BODY_LIMIT of filter/flow_record.py.
constexpr std::uint64_t kBodyLimit = 64ULL << 20;

ordered_json read_json(const fs::path& path) {
  try {
    return ordered_json::parse(read_file(path, 256U << 20));
  } catch (const nlohmann::json::exception& error) {
    fail(ErrorKind::Skill, "{} was not written by an audit, or was changed: {}", path.string(),
         error.what());
  }
}

/// Leaves the audit's own exchange out of the flows, and those before it that broke off while the
/// proxy was starting. Without it nothing shows that a request of the guest would have been seen,
/// and an empty log proves nothing. What is asked of that host later is not the audit's doing.
void take_probe(Evidence& evidence, const std::string& host) {
  const auto rest =
      std::find_if(evidence.flows.begin(), evidence.flows.end(),
                   [&](const Flow& flow) { return host.empty() || flow.host != host; });
  if (rest == evidence.flows.begin())
    evidence.gaps.push_back(
        Gap::lost(GapSource::Flows, "No flow proves that the guest's requests reached the proxy."));
  evidence.flows.erase(evidence.flows.begin(), rest);
}

/// An agent shows its key to its model's host, in a header. Anywhere else the key was taken.
void leave_out_own_key(Evidence& evidence) {
  std::set<Source> to_model;
  for (const Flow& flow : evidence.flows)
    if (flow.scheme == "https" && fmt::format("{}:{}", flow.host, flow.port) == evidence.agent.host)
      to_model.insert(source::flow(flow.id));
  std::erase_if(evidence.decoy_sightings, [&](const DecoySighting& sighting) {
    return sighting.decoy == evidence.agent.key_decoy && sighting.where == "headers" &&
           to_model.contains(sighting.evidence);
  });
}

ordered_json to_json(const TraceFacts& facts) {
  return {{"first_mark", facts.first_mark},
          {"last_mark", facts.last_mark},
          {"silenced", facts.silenced},
          {"began_at", facts.began_at},
          {"session", facts.session},
          {"reader", facts.reader},
          {"lost", facts.lost},
          {"dropped_bytes", facts.dropped_bytes},
          {"refused_rules", facts.refused},
          {"clock_step_s", facts.clock_step_s}};
}

std::vector<std::string> printable_all(const std::vector<std::string>& raw) {
  std::vector<std::string> shown;
  for (const std::string& each : raw) shown.push_back(printable(each));
  return shown;
}

BootCheck read_boot(const ordered_json& facts, const fs::path& tables) {
  BootCheck boot{.because = facts.at("because").get<std::vector<std::string>>(),
                 .made = facts.at("made").get<bool>(),
                 .came_up = facts.at("came_up").get<bool>(),
                 .problem = facts.at("problem").get<std::string>(),
                 .seconds = facts.at("seconds").get<double>()};
  if (fs::exists(tables)) boot.state = parse_snapshot(read_raw(tables));
  return boot;
}

Trace read_trace(const ordered_json& facts, const fs::path& file) {
  Trace trace;
  const auto first_mark = facts.at("first_mark").get<std::string>();
  const auto last_mark = facts.at("last_mark").get<std::string>();
  if (first_mark.empty()) return trace;  // that it could not begin is a gap already
  trace.collected = true;
  trace.began_at = facts.at("began_at").get<double>();
  trace.session = facts.at("session").get<std::int64_t>();
  trace.reader = facts.at("reader").get<std::int64_t>();
  trace.silenced = facts.at("silenced").get<std::string>();
  trace.clock_step_s = facts.at("clock_step_s").get<double>();
  trace.lost = facts.at("lost").get<std::uint64_t>();
  trace.dropped_bytes = facts.at("dropped_bytes").get<std::uint64_t>();
  TraceLog log = parse_trace_log(read_file(file, Watch::kMostTrace), first_mark, last_mark);
  trace.began_uptime_s = log.began_uptime_s;
  trace.events = std::move(log.events);
  trace.lost += log.missing;
  trace.omitted = log.omitted;
  trace.malformed = log.malformed;
  if (!log.began)
    trace.gaps.push_back(
        Gap::lost(GapSource::Trace, "The start of the trace of the guest's processes is missing."));
  if (!log.ended && trace.dropped_bytes == 0) {
    if (last_mark.empty())
      trace.gaps.push_back(
          Gap::lost(GapSource::Trace, "The trace of the guest's processes is incomplete."));
    else if (trace.silenced.empty())
      trace.silenced = "the trace is incomplete";
  }
  return trace;
}

}  // namespace

void write_evidence(const Evidence& evidence, const RawEvidence& raw, const fs::path& bundle) {
  ordered_json audit;
  audit["schema_version"] = kSchemaVersion;
  audit["started_at"] = evidence.started_at;
  audit["environment"] = to_json(evidence.environment);
  audit["timing"] = to_json(evidence.timing);
  audit["decoys"] = to_json(evidence.decoys);
  audit["control"] = evidence.control;
  audit["proxy_probe"] = raw.proxy_probe;
  audit["witness_lost"] = evidence.witness_lost;
  audit["trace"] = to_json(raw.trace);
  audit["boot"] = {{"because", printable_all(evidence.boot.because)},
                   {"made", evidence.boot.made},
                   {"came_up", evidence.boot.came_up},
                   {"problem", evidence.boot.problem},
                   {"seconds", evidence.boot.seconds}};
  audit["agent"] = to_json(evidence.agent);
  audit["gaps"] = to_json(evidence.gaps);
  write_file(bundle / "audit.json", audit.dump(1));
  write_file(bundle / "skill.json", to_json(evidence.skill).dump(1));
  write_file(bundle / "execution.json", to_json(evidence.execution).dump(1));
  write_raw(raw.before, bundle / "before");
  write_raw(raw.after, bundle / "after");
  if (!raw.boot.tables.empty()) write_raw(raw.boot, bundle / "boot");
  write_file(bundle / "details", raw.details);
  write_file(bundle / "digests", raw.digests);
  write_file(bundle / "decoy-copies", raw.decoy_copies);
  write_file(bundle / "agent-files", raw.agent_files);
  write_file(bundle / "guest-asked", raw.guest_asked);
  write_file(bundle / "guest-view", raw.guest_view);
  seal_bundle(bundle);
}

Evidence load_evidence(const fs::path& bundle) {
  verify_bundle(bundle);
  try {
    Evidence evidence;
    const ordered_json audit = read_json(bundle / "audit.json");
    if (audit.at("schema_version") != kSchemaVersion)
      fail(ErrorKind::Skill, "{} has schema version {}, but this skillaudit reads version {}",
           bundle.string(), audit.at("schema_version").dump(), kSchemaVersion);
    evidence.started_at = audit.at("started_at").get<std::string>();
    evidence.environment = environment_from_json(audit.at("environment"));
    evidence.timing = timing_from_json(audit.at("timing"));
    evidence.decoys = decoys_from_json(audit.at("decoys"));
    evidence.control = audit.at("control").get<std::vector<std::string>>();
    evidence.witness_lost = audit.at("witness_lost").get<bool>();
    evidence.agent = agent_from_json(audit.at("agent"));
    evidence.gaps = gaps_from_json(audit.at("gaps"));
    evidence.skill = skill_from_json(read_json(bundle / "skill.json"));
    evidence.execution = execution_from_json(read_json(bundle / "execution.json"));
    // What takes time grows with the guest's files, and is in three parts of about one size.
    std::future<Details> details = std::async(std::launch::async, [&] {
      const std::string stream = read_file(bundle / "details");
      Details parsed = stream.empty() ? Details{} : parse_details(stream);
      parse_digests(read_file(bundle / "digests"), parsed.digests, parsed.gaps);
      return parsed;
    });
    std::future<Snapshot> before =
        std::async(std::launch::async, [&] { return parse_snapshot(read_raw(bundle / "before")); });
    evidence.after = parse_snapshot(read_raw(bundle / "after"));
    evidence.before = before.get();
    Details parsed = details.get();
    evidence.digests = std::move(parsed.digests);
    evidence.package_files = std::move(parsed.package_files);
    append(evidence.gaps, parsed.gaps);
    evidence.guest_view =
        parse_guest_view(read_file(bundle / "guest-asked"), read_file(bundle / "guest-view"));
    if (fs::exists(bundle / "flows.jsonl"))
      evidence.flows =
          parse_flow_log(read_file(bundle / "flows.jsonl", kFlowLogLimit), &evidence.gaps);
    take_probe(evidence, audit.at("proxy_probe").get<std::string>());
    const auto read_kept = [&](const std::string& file) {
      return read_file(bundle / file, kBodyLimit);
    };
    evidence.decoy_sightings =
        find_decoys(evidence.decoys, evidence.flows, read_kept, &evidence.gaps);
    leave_out_own_key(evidence);
    evidence.agent_files = parse_agent_files(read_file(bundle / "agent-files"), evidence.gaps);
    if (!evidence.agent.name.empty()) {
      evidence.agent.transcript =
          read_transcript(evidence.flows, read_kept, evidence.skill, evidence.gaps);
      // Nobody is paid for what this host answers.
      if (evidence.agent.model == name_of(ModelSource::Live))
        evidence.agent.transcript.cost_usd = told_cost(evidence.execution);
    }
    evidence.wire = read_wire(bundle / "network.pcap", evidence.environment.addresses);
    append(evidence.gaps, evidence.wire.gaps);
    for (DecoySighting& sighting : find_decoys(evidence.decoys, evidence.wire, &evidence.gaps))
      evidence.decoy_sightings.push_back(std::move(sighting));
    evidence.trace = read_trace(audit.at("trace"), bundle / "trace.log");
    append(evidence.gaps, evidence.trace.gaps);
    evidence.machine = read_machine_log(bundle);
    evidence.boot = read_boot(audit.at("boot"), bundle / "boot");
    const std::string copies =
        fs::exists(bundle / "decoy-copies") ? read_file(bundle / "decoy-copies") : std::string();
    for (const auto& in_guest :
         {parse_copies(copies, evidence.gaps),
          find_in_command_lines(evidence.decoys, evidence.after.processes, evidence.trace)})
      evidence.decoy_sightings.insert(evidence.decoy_sightings.end(), in_guest.begin(),
                                      in_guest.end());
    append(evidence.gaps, agent_gaps(evidence));
    return evidence;
  } catch (const nlohmann::json::exception& error) {
    fail(ErrorKind::Skill, "{} was not written by an audit, or was changed: {}", bundle.string(),
         error.what());
  }
}

}  // namespace skillaudit
