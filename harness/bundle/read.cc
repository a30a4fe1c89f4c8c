#include "harness/bundle/read.h"

#include <fmt/core.h>

#include <algorithm>
#include <future>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/json_text.h"
#include "harness/base/text.h"
#include "harness/bundle/agent_gaps.h"
#include "harness/bundle/layout.h"
#include "harness/bundle/manifest.h"
#include "harness/bundle/raw_evidence.h"
#include "harness/bundle/schema.h"
#include "harness/bundle/sent.h"
#include "harness/evidence/coverage_json.h"
#include "harness/evidence/decoy_copies.h"
#include "harness/evidence/json.h"
#include "harness/evidence/world.h"
#include "harness/model/model_source.h"
#include "harness/model/transcript.h"
#include "harness/sensors/decoys.h"
#include "harness/sensors/machine_log.h"
#include "harness/sensors/trace_log.h"
#include "harness/sensors/unexplained.h"
#include "harness/sensors/wire.h"
#include "harness/snapshot/capture.h"
#include "harness/snapshot/details.h"
#include "harness/traffic/flow_log.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

/// A bundle is read on the host's terms, whatever was put in it.
constexpr std::uint64_t kJsonLimit = 256ULL << 20;
constexpr std::uint64_t kFlowLogLimit = 512ULL << 20;
/// Two pairs of worlds.
constexpr std::size_t kFewestCompared = 4;
/// Bodies are kept up to BODY_LIMIT of filter/flow_record.py.
constexpr std::uint64_t kBodyLimit = 64ULL << 20;

ordered_json read_json(const fs::path& path) {
  try {
    return parse_ordered_json(read_file(path, kJsonLimit));
  } catch (const nlohmann::json::exception& error) {
    fail(ErrorKind::Skill, "{} was not written by an audit, or was changed: {}", path.string(),
         error.what());
  }
}

/// Reads one bundle; each function reads one witness and adds what is missing of it to the gaps.
class BundleReader {
 public:
  explicit BundleReader(const fs::path& bundle) : bundle_(bundle) {}

  Evidence read(ParsedSnapshots parsed) {
    audit_ = read_json(path(BundleFile::Audit));
    if (audit_.at("schema_version") != kBundleSchema)
      fail(ErrorKind::Skill, "{} has schema version {}, but this skillaudit reads version {}",
           bundle_.string(), json_text(audit_.at("schema_version")), kBundleSchema);
    read_facts();
    read_guest(std::move(parsed));
    read_flows();
    read_agent();
    read_network();
    read_trace();
    evidence_.machine = read_machine_log(bundle_);
    read_boot();
    read_copies();
    evidence_.unexplained = find_unexplained(evidence_, kept());
    append(evidence_.gaps, agent_gaps(evidence_));
    read_worlds();
    return std::move(evidence_);
  }

 private:
  [[nodiscard]] fs::path path(BundleFile file) const { return path_in(bundle_, file); }
  [[nodiscard]] std::string bytes(BundleFile file) const { return read_file(path(file)); }
  /// Of a file that a flow names.
  [[nodiscard]] KeptFiles kept() const {
    return [this](const std::string& file) { return read_file(bundle_ / file, kBodyLimit); };
  }

  void read_facts() {
    evidence_.started_at = audit_.at("started_at").get<std::string>();
    evidence_.environment = environment_from_json(audit_.at("environment"));
    evidence_.timing = timing_from_json(audit_.at("timing"));
    evidence_.decoys = decoys_from_json(audit_.at("decoys"));
    // Older bundles have none.
    if (audit_.contains("canaries")) evidence_.canaries = decoys_from_json(audit_.at("canaries"));
    if (audit_.contains("project")) {
      evidence_.project = audit_.at("project").get<std::string>();
      evidence_.asked_folders = audit_.at("asked_folders").get<std::vector<std::string>>();
      evidence_.edited_files = audit_.at("edited_files").get<std::vector<std::string>>();
    }
    if (audit_.contains("drawn")) evidence_.drawn = decoys_from_json(audit_.at("drawn"));
    evidence_.control = audit_.at("control").get<std::vector<std::string>>();
    evidence_.witness_lost = audit_.at("witness_lost").get<bool>();
    evidence_.agent = agent_from_json(audit_.at("agent"));
    evidence_.gaps = gaps_from_json(audit_.at("gaps"));
    evidence_.skill = skill_from_json(read_json(path(BundleFile::Skill)));
    evidence_.execution = execution_from_json(read_json(path(BundleFile::Execution)));
    // Older bundles have none.
    if (fs::exists(path(BundleFile::Coverage)))
      evidence_.lines = line_coverage_from_json(read_json(path(BundleFile::Coverage)));
  }

  [[nodiscard]] Snapshot snapshot(Moment moment) const {
    return parse_snapshot(read_raw(tables_in(bundle_, moment)));
  }

  /// What takes time grows with the guest's files, and has three parts of about the same size.
  void read_guest(ParsedSnapshots parsed) {
    std::future<Details> details = std::async(std::launch::async, [this] {
      const std::string stream = bytes(BundleFile::Details);
      Details found = stream.empty() ? Details{} : parse_details(stream);
      parse_digests(bytes(BundleFile::Digests), found.digests, found.gaps);
      // Older bundles have none.
      if (fs::exists(path(BundleFile::DigestsBefore)))
        parse_digests(bytes(BundleFile::DigestsBefore), evidence_.digests_before, found.gaps);
      return found;
    });
    std::future<Snapshot> before = std::async(std::launch::async, [&] {
      return parsed.before ? std::move(*parsed.before) : snapshot(Moment::Before);
    });
    evidence_.after = parsed.after ? std::move(*parsed.after) : snapshot(Moment::After);
    evidence_.before = before.get();
    Details found = details.get();
    evidence_.digests = std::move(found.digests);
    evidence_.package_files = std::move(found.package_files);
    append(evidence_.gaps, found.gaps);
    evidence_.guest_view =
        parse_guest_view(bytes(BundleFile::GuestAsked), bytes(BundleFile::GuestView));
  }

  void read_flows() {
    if (fs::exists(path(BundleFile::Flows)))
      evidence_.flows =
          parse_flow_log(read_file(path(BundleFile::Flows), kFlowLogLimit), &evidence_.gaps);
    take_probe(audit_.at("proxy_probe").get<std::string>());
    add(find_decoys(looked_for(), evidence_.flows, kept(), &evidence_.gaps));
    leave_out_own_key();
  }

  /// Leaves the audit's own exchange out of the flows, and those before it that broke off while the
  /// proxy was starting. Without it nothing shows that a request of the guest would have been seen,
  /// and an empty log proves nothing. What is asked of that host later is not the audit's doing.
  void take_probe(const std::string& host) {
    if (!leave_out_probe(evidence_.flows, host))
      evidence_.gaps.push_back(Gap::lost(
          GapSource::Flows, "No flow proves that the guest's requests reached the proxy."));
  }

  /// An agent shows its key to its model's host, in a header. Anywhere else the key was taken.
  void leave_out_own_key() {
    const AgentRun& agent = evidence_.agent;
    std::set<Source> to_model;
    for (const Flow& flow : evidence_.flows)
      if (flow.scheme == "https" && fmt::format("{}:{}", flow.host, flow.port) == agent.host)
        to_model.insert(source::flow(flow.id));
    std::erase_if(evidence_.decoy_sightings, [&](const DecoySighting& sighting) {
      return sighting.decoy == agent.key_decoy && sighting.where == "headers" &&
             to_model.contains(sighting.evidence);
    });
  }

  void read_agent() {
    evidence_.agent_files = parse_agent_files(bytes(BundleFile::AgentFiles), evidence_.gaps);
    AgentRun& agent = evidence_.agent;
    if (agent.name.empty()) return;
    agent.transcript = read_transcript(evidence_.flows, kept(), evidence_.skill, evidence_.gaps);
    // Nobody is paid for what this host answers.
    if (agent.model == name_of(ModelSource::Live))
      agent.transcript.cost_usd = told_cost(evidence_.execution);
  }

  /// False for a witness that the machine never had: a file that it would have written is no loss.
  [[nodiscard]] bool watched(GapSource source) const {
    return std::ranges::none_of(evidence_.gaps, [&](const Gap& gap) {
      return gap.kind == GapKind::NotWatched && gap.source == source;
    });
  }

  void read_network() {
    if (!watched(GapSource::Wire)) return;
    evidence_.wire = read_wire(path(BundleFile::Network), evidence_.environment.addresses);
    append(evidence_.gaps, evidence_.wire.gaps);
    add(find_decoys(looked_for(), evidence_.wire, &evidence_.gaps));
  }

  void read_trace() {
    evidence_.trace = trace();
    append(evidence_.gaps, evidence_.trace.gaps);
  }

  [[nodiscard]] Trace trace() const {
    const ordered_json& facts = audit_.at("trace");
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
    TraceLog log =
        parse_trace_log(read_file(path(BundleFile::Trace), kMostTrace), first_mark, last_mark);
    trace.began_uptime_s = log.began_uptime_s;
    trace.events = std::move(log.events);
    trace.lost += log.missing;
    trace.omitted = log.omitted;
    trace.malformed = log.malformed;
    if (!log.began)
      trace.gaps.push_back(Gap::lost(
          GapSource::Trace, "The start of the trace of the guest's processes is missing."));
    if (!log.ended && trace.dropped_bytes == 0) {
      if (last_mark.empty())
        trace.gaps.push_back(
            Gap::lost(GapSource::Trace, "The trace of the guest's processes is incomplete."));
      else if (trace.silenced.empty())
        trace.silenced = "the trace is incomplete";
    }
    return trace;
  }

  void read_boot() {
    const ordered_json& facts = audit_.at("boot");
    evidence_.boot = {.because = facts.at("because").get<std::vector<std::string>>(),
                      .made = facts.at("made").get<bool>(),
                      .came_up = facts.at("came_up").get<bool>(),
                      .problem = facts.at("problem").get<std::string>(),
                      .seconds = facts.at("seconds").get<double>()};
    if (fs::exists(tables_in(bundle_, Moment::Boot))) evidence_.boot.state = snapshot(Moment::Boot);
  }

  void expect_worlds(const std::vector<std::string>& names) const {
    for (const std::string& name : names)
      if (name != kOpenedWorld.name && name != kLaterWorld.name &&
          std::ranges::none_of(kComparedWorlds,
                               [&](const WorldKind& each) { return each.name == name; }))
        fail(ErrorKind::Skill, "{} names a world that no audit has: {}", bundle_.string(),
             printable(shorten(name, 60)));
  }

  /// A request that was made alike with other secrets in the home holds nothing of a secret,
  /// whatever it is built from.
  void explain_by_comparison(Evidence& evidence) const {
    const auto differs = [&](const std::string& name) {
      return std::ranges::any_of(kComparedWorlds, [&](const WorldKind& each) {
        return each.name == name && !each.own_secrets;
      });
    };
    if (evidence.unexplained.empty() || !std::ranges::any_of(evidence_.compared, differs)) return;
    std::set<Source> alike;
    for (const std::int64_t flow : read_sent_alike(bundle_, evidence.world, evidence_.compared))
      alike.insert(source::flow(flow));
    for (UnexplainedPart& part : evidence.unexplained)
      part.same_with_other_secrets = alike.contains(part.evidence);
  }

  /// Each is a bundle of its own, without a manifest.
  void read_worlds() {
    if (!audit_.contains("worlds")) return;  // as older bundles
    const auto names = audit_.at("worlds").get<std::vector<std::string>>();
    evidence_.compared = audit_.at("compared").get<std::vector<std::string>>();
    expect_worlds(names);
    expect_worlds(evidence_.compared);
    for (const std::string& name : names) {
      const fs::path folder = world_folder(bundle_, name);
      Evidence world = BundleReader(folder).read({});
      world.world = name;
      evidence_.worlds.push_back(std::move(world));
    }
    explain_by_comparison(evidence_);
    for (Evidence& world : evidence_.worlds) explain_by_comparison(world);
    // With one pair, what is drawn at random differs as well.
    if (evidence_.compared.size() >= kFewestCompared)
      evidence_.dependences = read_dependences(bundle_, evidence_.compared);
  }

  /// Decoys that were seen inside the guest.
  void read_copies() {
    const bool any = fs::exists(path(BundleFile::DecoyCopies));
    add(parse_copies(any ? bytes(BundleFile::DecoyCopies) : std::string(), evidence_.gaps));
    add(find_in_command_lines(evidence_.decoys, evidence_.after.processes, evidence_.trace));
  }

  /// Decoys and canaries: one pass over a text finds both.
  [[nodiscard]] std::vector<Decoy> looked_for() const {
    std::vector<Decoy> all = evidence_.decoys;
    all.insert(all.end(), evidence_.canaries.begin(), evidence_.canaries.end());
    return all;
  }

  void add(const std::vector<DecoySighting>& sightings) {
    for (const DecoySighting& sighting : sightings) {
      const bool of_canary =
          std::any_of(evidence_.canaries.begin(), evidence_.canaries.end(),
                      [&](const Decoy& canary) { return canary.name == sighting.decoy; });
      (of_canary ? evidence_.canary_sightings : evidence_.decoy_sightings).push_back(sighting);
    }
  }

  const fs::path& bundle_;
  ordered_json audit_;
  Evidence evidence_;
};

}  // namespace

Evidence load_evidence(const fs::path& bundle, ParsedSnapshots parsed) {
  verify_bundle(bundle);
  try {
    return BundleReader(bundle).read(std::move(parsed));
  } catch (const nlohmann::json::exception& error) {
    fail(ErrorKind::Skill, "{} was not written by an audit, or was changed: {}", bundle.string(),
         error.what());
  }
}

}  // namespace skillaudit
