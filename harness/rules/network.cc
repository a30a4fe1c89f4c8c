#include <fmt/core.h>

#include <map>
#include <set>

#include "harness/base/text.h"
#include "harness/changes/agent_effects.h"
#include "harness/rules/flow_text.h"
#include "harness/rules/mirrors_seen.h"
#include "harness/rules/rules.h"

namespace skillaudit {
namespace {

class Hosts {
 public:
  void add(RuleId rule, const Flow& flow) {
    Offender& offender = found_[rule][origin_of(flow)];
    if (offender.evidence.size() > 20) return;
    if (offender.evidence.empty()) {
      offender.words.what =
          quoted(rule == RuleId::DocumentationUndocumentedHost ? flow.host : origin_of(flow));
      offender.words.instead = quoted(fmt::format(
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
  std::map<RuleId, std::map<std::string, Offender>> found_;
};

/// What an agent says to its model's host, with the key that it was given.
bool is_of_agent(const Flow& flow) { return flow.allowed && flow.group == "model"; }

void judge(const RuleInput& input, const Flow& flow, const std::set<std::string>& mirrors,
           Hosts& hosts) {
  if (flow.kind == "connect" || flow.kind == "tcp") {
    // A connection that was opened to a mirror and never used hides nothing.
    const bool idle_mirror = flow.kind == "connect" && flow.allowed && flow.group == "mirrors" &&
                             flow.request_size == 0 && flow.error.empty();
    if (!idle_mirror) hosts.add(RuleId::NetworkRawTunnel, flow);
    if (!flow.allowed && !mirrors.contains(flow.host) && !input.documented.host(flow.host)) {
      hosts.add(RuleId::NetworkUnexpectedHost, flow);
    }
    return;
  }
  if (!flow.host_header.empty() || !flow.sni.empty()) hosts.add(RuleId::NetworkDisguisedHost, flow);
  if (is_package_flow(flow, mirrors)) {
    if (!flow.allowed) hosts.add(RuleId::NetworkMirrorsClosed, flow);
    return;
  }
  const bool documented = input.documented.host(flow.host);
  if (!flow.allowed) {
    hosts.add(documented ? RuleId::NetworkDocumentedHostBlocked : RuleId::NetworkUnexpectedHost,
              flow);
    return;
  }
  if (!documented || !input.excusable(RuleId::DocumentationUndocumentedHost, Excuse::Host)) {
    hosts.add(RuleId::DocumentationUndocumentedHost, flow);
  }
  if (flow.scheme == "http" || flow.scheme == "ws") hosts.add(RuleId::NetworkPlainHttp, flow);
}

/// Sockets on which something that the skill left behind takes connections.
void listening(const RuleInput& input, Drafts& drafts) {
  std::map<std::string, const ProcessEntry*> added;
  for (const auto& change : input.changes.processes) {
    if (change.kind == ChangeKind::Added) {
      added.emplace(fmt::format("{}[{}]", change.after.name, change.after.pid), &change.after);
    }
  }
  std::map<std::string, Offender> offenders;
  for (const RowChange<SocketEntry>& change : input.changes.sockets) {
    const SocketEntry& socket = change.after;
    const bool is_tcp = socket.protocol.starts_with("tcp") && socket.state == "LISTEN";
    const bool is_udp = socket.protocol.starts_with("udp");
    if (change.kind != ChangeKind::Added || (!is_tcp && !is_udp)) continue;
    const auto owner = added.find(socket.process);
    // Programs that were there before open and close UDP sockets all the time.
    if (is_udp && owner == added.end()) continue;
    std::string program = "unknown program";
    if (owner != added.end()) {
      const ProcessEntry& process = *owner->second;
      if (comes_with_package(input, process.path)) continue;
      if (input.excusable(RuleId::NetworkListening, Excuse::Process) &&
          input.documented.process(process)) {
        continue;
      }
      program = process.command_line.empty() ? process.name : join(process.command_line, " ");
    }
    const std::string address =
        fmt::format("{} {}:{}", socket.protocol, socket.local_address, socket.local_port);
    Offender& offender = offenders[address];
    offender.words.what = quoted(address);
    offender.evidence.push_back(cite(source::after(Table::Sockets), address + " by " + program));
  }
  std::vector<Offender> all;
  for (const auto& [address, offender] : offenders) all.push_back(offender);
  drafts.add_each(RuleId::NetworkListening, all);
}

}  // namespace

void network_rules(const RuleInput& input, Drafts& drafts) {
  const std::set<std::string> mirrors = mirror_hosts(input.evidence);
  Hosts hosts;
  const AgentEffects agent(input.evidence);
  for (const Flow& flow : input.evidence.flows)
    if (!is_of_agent(flow) && !agent.owns(flow)) judge(input, flow, mirrors, hosts);
  hosts.report(drafts);
  listening(input, drafts);
}

}  // namespace skillaudit
