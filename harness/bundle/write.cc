#include "harness/bundle/write.h"

#include <nlohmann/json.hpp>

#include "harness/base/file.h"
#include "harness/base/json_text.h"
#include "harness/base/text.h"
#include "harness/bundle/layout.h"
#include "harness/bundle/manifest.h"
#include "harness/bundle/schema.h"
#include "harness/evidence/coverage_json.h"
#include "harness/evidence/json.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

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

ordered_json to_json(const BootCheck& boot) {
  ordered_json because = ordered_json::array();
  for (const std::string& path : boot.because) because.push_back(printable(path));
  return {{"because", std::move(because)},
          {"made", boot.made},
          {"came_up", boot.came_up},
          {"problem", boot.problem},
          {"seconds", boot.seconds}};
}

ordered_json audit_json(const Evidence& evidence, const RawEvidence& raw) {
  ordered_json audit;
  audit["schema_version"] = kBundleSchema;
  audit["started_at"] = evidence.started_at;
  audit["environment"] = to_json(evidence.environment);
  audit["timing"] = to_json(evidence.timing);
  audit["decoys"] = to_json(evidence.decoys);
  audit["canaries"] = to_json(evidence.canaries);
  audit["drawn"] = to_json(evidence.drawn);
  audit["control"] = evidence.control;
  audit["project"] = evidence.project;
  audit["asked_folders"] = evidence.asked_folders;
  audit["edited_files"] = evidence.edited_files;
  audit["proxy_probe"] = raw.proxy_probe;
  audit["witness_lost"] = evidence.witness_lost;
  audit["trace"] = to_json(raw.trace);
  audit["boot"] = to_json(evidence.boot);
  audit["agent"] = to_json(evidence.agent);
  audit["gaps"] = to_json(evidence.gaps);
  ordered_json worlds = ordered_json::array();
  for (const Evidence& world : evidence.worlds) worlds.push_back(world.world);
  audit["worlds"] = std::move(worlds);
  audit["compared"] = evidence.compared;
  return audit;
}

}  // namespace

void write_compared(const Evidence& evidence, const RawEvidence& raw, const fs::path& folder) {
  write_file(path_in(folder, BundleFile::Audit), json_text(audit_json(evidence, raw), 1));
}

void write_world(const Evidence& evidence, const RawEvidence& raw, const fs::path& bundle) {
  const auto put = [&](BundleFile file, const std::string& bytes) {
    write_file(path_in(bundle, file), bytes);
  };
  put(BundleFile::Audit, json_text(audit_json(evidence, raw), 1));
  put(BundleFile::Skill, json_text(to_json(evidence.skill), 1));
  put(BundleFile::Execution, json_text(to_json(evidence.execution), 1));
  put(BundleFile::Coverage, json_text(to_json(evidence.lines), 1));
  write_raw(raw.before, tables_in(bundle, Moment::Before));
  write_raw(raw.after, tables_in(bundle, Moment::After));
  if (!raw.boot.tables.empty()) write_raw(raw.boot, tables_in(bundle, Moment::Boot));
  put(BundleFile::Details, raw.details);
  put(BundleFile::Digests, raw.digests);
  put(BundleFile::DigestsBefore, raw.digests_before);
  put(BundleFile::DecoyCopies, raw.decoy_copies);
  put(BundleFile::AgentFiles, raw.agent_files);
  put(BundleFile::GuestAsked, raw.guest_asked);
  put(BundleFile::GuestView, raw.guest_view);
}

void write_lines(const LineCoverage& lines, const fs::path& bundle) {
  write_file(path_in(bundle, BundleFile::Coverage), json_text(to_json(lines), 1));
}

void write_evidence(const Evidence& evidence, const RawEvidence& raw, const fs::path& bundle) {
  write_world(evidence, raw, bundle);
  seal_bundle(bundle);
}

}  // namespace skillaudit
