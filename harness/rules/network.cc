#include <fmt/core.h>

#include <map>

#include "harness/base/text.h"
#include "harness/changes/agent_effects.h"
#include "harness/evidence/given_host.h"
#include "harness/rules/flow_text.h"
#include "harness/rules/hosts_named.h"
#include "harness/rules/package_flows.h"
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
  /// A host that the documents name.
  void name(const Flow& flow, const Statement& statement) { named_.emplace(flow.host, &statement); }
  void report(Drafts& drafts, const RubricRule& unexpected) const {
    for (const auto& [host, statement] : named_)
      drafts.consent(unexpected, Verb::Send, host, *statement);
    for (const auto& [rule, by_host] : found_) {
      std::vector<Offender> offenders;
      for (const auto& [host, offender] : by_host) offenders.push_back(offender);
      drafts.add_each(rule, offenders);
    }
  }

 private:
  std::map<std::string_view, std::map<std::string, Offender>> found_;
  std::map<std::string, const Statement*> named_;  ///< by host
};

/// What an agent says to its model's host, with the key that it was given.
bool is_of_agent(const Flow& flow) { return flow.allowed && flow.group == "model"; }

/// Of a connection that is neither HTTP nor a tunnel of the proxy: what was said in it is in the
/// record, in a protocol that the filter speaks (filter/services.py), or nothing was.
bool is_readable(const Flow& flow) {
  return flow.kind == "tcp" && flow.sni.empty() && (flow.scheme != "tcp" || flow.request_size == 0);
}

void judge_raw(const RuleInput& input, const Flow& flow, const PackageFlows& packages,
               Hosts& hosts) {
  // A tunnel to a mirror in which no request was made hides nothing: package managers open
  // several, and leave some unused.
  const bool idle_mirror = flow.kind == "connect" && flow.allowed && flow.group == "mirrors" &&
                           flow.request_size == 0 && flow.sni.empty();
  if (!idle_mirror && !is_readable(flow)) hosts.add(kRawTunnel, flow);
  if (flow.allowed || packages.is_mirror(flow.host)) return;
  const Coverage named = host_named(input, flow.host);
  if (named.extent != ConsentExtent::None) {
    hosts.name(flow, *named.statement);
  } else if (!was_given(input.evidence.execution, flow.host)) {
    hosts.add(kUnexpectedHost, flow);
  }
}

void judge(const RuleInput& input, const Flow& flow, const PackageFlows& packages, Hosts& hosts) {
  if (flow.kind == "connect" || flow.kind == "tcp") {
    judge_raw(input, flow, packages, hosts);
    return;
  }
  if (!flow.host_header.empty() || !flow.sni.empty()) hosts.add(kDisguisedHost, flow);
  if (packages.is_of_manager(flow)) {
    if (!flow.allowed) hosts.add(kMirrorsClosed, flow);
    return;
  }
  if (!flow.allowed && was_given(input.evidence.execution, flow.host)) return;
  // A mirror was opened for packages, and its owner can read what it is asked for.
  if (flow.allowed && packages.carries_data(flow)) hosts.add(kUnexpectedHost, flow);
  const Coverage named = host_named(input, flow.host);
  if (named.extent != ConsentExtent::None) hosts.name(flow, *named.statement);
  const bool documented =
      named.extent != ConsentExtent::None || is_question_to_service(input, flow);
  if (!flow.allowed && !(documented && flow.answered)) {
    hosts.add(documented ? kDocumentedHostBlocked : kUnexpectedHost, flow);
    return;
  }
  if (!documented || !input.excusable(kUndocumentedHost, Excuse::Host)) {
    hosts.add(kUndocumentedHost, flow);
  }
  // What apt's mirrors serve is signed, so that they speak plain HTTP.
  const bool signed_source = flow.group == "mirrors" && flow.request_size == 0;
  if (!signed_source && (flow.scheme == "http" || flow.scheme == "ws")) hosts.add(kPlainHttp, flow);
}

void network_rules(const RuleInput& input, Drafts& drafts) {
  const PackageFlows packages(input);
  Hosts hosts;
  const AgentEffects agent(input.evidence);
  for (const Flow& flow : input.evidence.flows)
    if (!is_of_agent(flow) && !agent.owns(flow)) judge(input, flow, packages, hosts);
  hosts.report(drafts, input.rubric.rule(kUnexpectedHost));
}

}  // namespace

RuleCode network_code() {
  return {{kUndocumentedHost, kRawTunnel, kUnexpectedHost, kDisguisedHost, kMirrorsClosed,
           kDocumentedHostBlocked, kPlainHttp},
          network_rules};
}

}  // namespace skillaudit
