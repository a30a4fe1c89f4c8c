#include <fmt/core.h>

#include <map>
#include <set>

#include "harness/base/text.h"
#include "harness/changes/agent_effects.h"
#include "harness/rules/flow_text.h"
#include "harness/rules/mirrors_seen.h"
#include "harness/rules/rule_code.h"
#include "harness/rules/rules.h"

namespace skillaudit {
namespace {

constexpr std::string_view kUndocumentedHost = "documentation.undocumented-host";
constexpr std::string_view kRawTunnel = "network.raw-tunnel";
constexpr std::string_view kUnexpectedHost = "network.unexpected-host";
constexpr std::string_view kDisguisedHost = "network.disguised-host";
constexpr std::string_view kMirrorsClosed = "network.mirrors-closed";
constexpr std::string_view kDocumentedHostBlocked = "network.documented-host-blocked";
constexpr std::string_view kPlainHttp = "network.plain-http";

class Hosts {
 public:
  void add(std::string_view rule, const Flow& flow) {
    Offender& offender = found_[rule][origin_of(flow)];
    if (offender.evidence.size() > 20) return;
    if (offender.evidence.empty()) {
      offender.words.what = as_code(rule == kUndocumentedHost ? flow.host : origin_of(flow));
      offender.words.instead = as_code(fmt::format(
          "'{} {}{}'", flow.method.empty() ? "GET" : flow.method, origin_of(flow), flow.path));
    }
    offender.evidence.push_back(cite_flow(flow));
  }
  void report(Drafts& drafts) const {
    for (const auto& [rule, by_host] : found_) {
      std::vector<Offender> offenders;
      for (const auto& [host, offender] : by_host) offenders.push_back(offender);
      drafts.add_each(rule, offenders);
    }
  }

 private:
  std::map<std::string_view, std::map<std::string, Offender>> found_;
};

/// What an agent says to its model's host, with the key that it was given.
bool is_of_agent(const Flow& flow) { return flow.allowed && flow.group == "model"; }

void judge(const RuleInput& input, const Flow& flow, const std::set<std::string>& mirrors,
           Hosts& hosts) {
  if (flow.kind == "connect" || flow.kind == "tcp") {
    // A connection that was opened to a mirror and never used hides nothing.
    const bool idle_mirror = flow.kind == "connect" && flow.allowed && flow.group == "mirrors" &&
                             flow.request_size == 0 && flow.error.empty();
    if (!idle_mirror) hosts.add(kRawTunnel, flow);
    if (!flow.allowed && !mirrors.contains(flow.host) && !input.documented.host(flow.host)) {
      hosts.add(kUnexpectedHost, flow);
    }
    return;
  }
  if (!flow.host_header.empty() || !flow.sni.empty()) hosts.add(kDisguisedHost, flow);
  if (is_package_flow(flow, mirrors)) {
    if (!flow.allowed) hosts.add(kMirrorsClosed, flow);
    return;
  }
  const bool documented = input.documented.host(flow.host);
  if (!flow.allowed) {
    hosts.add(documented ? kDocumentedHostBlocked : kUnexpectedHost, flow);
    return;
  }
  if (!documented || !input.excusable(kUndocumentedHost, Excuse::Host)) {
    hosts.add(kUndocumentedHost, flow);
  }
  if (flow.scheme == "http" || flow.scheme == "ws") hosts.add(kPlainHttp, flow);
}

void network_rules(const RuleInput& input, Drafts& drafts) {
  const std::set<std::string> mirrors = mirror_hosts(input.evidence);
  Hosts hosts;
  const AgentEffects agent(input.evidence);
  for (const Flow& flow : input.evidence.flows)
    if (!is_of_agent(flow) && !agent.owns(flow)) judge(input, flow, mirrors, hosts);
  hosts.report(drafts);
}

}  // namespace

RuleCode network_code() {
  return {{kUndocumentedHost, kRawTunnel, kUnexpectedHost, kDisguisedHost, kMirrorsClosed,
           kDocumentedHostBlocked, kPlainHttp},
          network_rules};
}

}  // namespace skillaudit
