#include "harness/effects/hosts.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "harness/base/text.h"
#include "harness/changes/agent_effects.h"
#include "harness/rules/flow_text.h"
#include "harness/rules/mirrors_seen.h"

namespace skillaudit {
namespace {

/// Labels from this length on hold data as often as words, and are drawn anew in each run.
constexpr std::size_t kLongLabel = 20;

/// "a.example.com"; "*.example.com" where what stands before the last two labels is long.
std::string without_data(std::string_view name) {
  const std::vector<std::string_view> labels = split(name, '.');
  if (labels.size() < 3) return std::string(name);
  const bool has_data = std::any_of(labels.begin(), labels.end() - 2, [](std::string_view label) {
    return label.size() >= kLongLabel;
  });
  if (!has_data) return std::string(name);
  return fmt::format("*.{}.{}", labels[labels.size() - 2], labels.back());
}

/// Whether it carries more than what it wants to have.
bool sends(const Flow& flow) {
  return flow.request_size > 0 || !flow.query.empty() || flow.kind != "http" ||
         (flow.method != "GET" && flow.method != "HEAD");
}

std::string name_of(const WireContact& contact) {
  const std::string who = printable(contact.who());
  if (contact.port == 0) return fmt::format("{} {}", contact.protocol, who);
  const bool is_ipv6 = who.find(':') != std::string::npos;
  return fmt::format("{} {}{}{}:{}", contact.protocol, is_ipv6 ? "[" : "", who, is_ipv6 ? "]" : "",
                     contact.port);
}

}  // namespace

std::vector<Addressed> hosts_addressed(const Evidence& evidence) {
  const std::set<std::string> mirrors = mirror_hosts(evidence);
  const AgentEffects agent(evidence);
  std::vector<Addressed> hosts;
  std::set<std::string_view> known;  // by name, so that asking for a name is no news of its own
  for (const Flow& flow : evidence.flows) {
    if ((flow.allowed && flow.group == "model") || agent.owns(flow)) continue;
    if (is_package_flow(flow, mirrors)) continue;
    const bool idle_mirror =
        flow.kind == "connect" && flow.allowed && flow.group == "mirrors" && flow.request_size == 0;
    if (idle_mirror) continue;
    hosts.push_back({printable(origin_of(flow)), source::flow(flow.id), sends(flow)});
    known.insert(flow.host);
  }
  for (const WireContact& contact : evidence.wire.contacts)
    hosts.push_back({name_of(contact), source::network(), true});
  for (const NameAsked& asked : evidence.wire.names) {
    if (asked.name.find('.') == std::string::npos || asked.name.ends_with(".arpa")) continue;
    if (known.contains(asked.name) || mirrors.contains(asked.name)) continue;
    hosts.push_back({"name " + printable(without_data(asked.name)), source::network(), true});
  }
  return hosts;
}

}  // namespace skillaudit
