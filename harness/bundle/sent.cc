#include "harness/bundle/sent.h"

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/json_text.h"
#include "harness/bundle/layout.h"
#include "harness/evidence/json.h"
#include "harness/sensors/dependence.h"
#include "harness/sensors/wire.h"
#include "harness/traffic/flow_log.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr std::uint64_t kJsonLimit = 256ULL << 20;
constexpr std::uint64_t kFlowLogLimit = 512ULL << 20;
constexpr std::uint64_t kBodyLimit = 64ULL << 20;

}  // namespace

bool leave_out_probe(std::vector<Flow>& flows, const std::string& host) {
  const auto rest = std::find_if(flows.begin(), flows.end(), [&](const Flow& flow) {
    return host.empty() || flow.host != host;
  });
  const bool any = rest != flows.begin();
  flows.erase(flows.begin(), rest);
  return any;
}

Sent read_sent(const fs::path& bundle, const std::string& world) {
  const fs::path folder = world_folder(bundle, world);
  try {
    const ordered_json audit =
        parse_ordered_json(read_file(path_in(folder, BundleFile::Audit), kJsonLimit));
    Sent sent{.world = world, .flows = {}, .wire = {}, .known = {}, .read_kept = {}};
    for (const char* list : {"decoys", "canaries", "drawn"})
      for (Decoy& each : decoys_from_json(audit.at(list))) sent.known.push_back(std::move(each));
    // A credential's whole text before the part of it that is its nonce.
    std::ranges::stable_sort(sent.known, std::greater<>(),
                             [](const Decoy& each) { return each.nonce.size(); });
    const fs::path flows = path_in(folder, BundleFile::Flows);
    if (fs::exists(flows)) sent.flows = parse_flow_log(read_file(flows, kFlowLogLimit), nullptr);
    leave_out_probe(sent.flows, audit.at("proxy_probe").get<std::string>());
    const Environment environment = environment_from_json(audit.at("environment"));
    sent.wire = read_wire(path_in(folder, BundleFile::Network), environment.addresses);
    sent.read_kept = [folder](const std::string& file) {
      return read_file(folder / file, kBodyLimit);
    };
    return sent;
  } catch (const nlohmann::json::exception& error) {
    fail(ErrorKind::Skill, "{} was not written by an audit, or was changed: {}", folder.string(),
         error.what());
  }
}

std::set<std::int64_t> read_sent_alike(const fs::path& bundle, const std::string& world,
                                       const std::vector<std::string>& worlds) {
  const Sent sent = read_sent(bundle, world);
  std::vector<Sent> others;
  for (const std::string& each : worlds)
    if (each != world) others.push_back(read_sent(bundle, each));
  std::vector<const Sent*> all;
  for (const Sent& each : others) all.push_back(&each);
  return sent_alike(sent, all);
}

std::vector<Dependence> read_dependences(const fs::path& bundle,
                                         const std::vector<std::string>& worlds) {
  std::vector<Sent> own;
  std::vector<Sent> others;
  for (std::size_t i = 0; i + 1 < worlds.size(); i += 2) {
    own.push_back(read_sent(bundle, worlds[i]));
    others.push_back(read_sent(bundle, worlds[i + 1]));
  }
  return own.empty() ? std::vector<Dependence>() : find_dependences(own, others);
}

}  // namespace skillaudit
