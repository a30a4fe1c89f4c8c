// What the guest sent past the proxy.
#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/base/text.h"
#include "harness/evidence/echo_payload.h"
#include "harness/evidence/given_host.h"
#include "harness/rules/hosts_named.h"
#include "harness/rules/mirrors_seen.h"
#include "harness/rules/rule_code.h"
#include "harness/rules/rules.h"
#include "harness/rules/trace_rules.h"

namespace skillaudit {
namespace {

constexpr std::string_view kDirectAttempt = "network.direct-attempt";
constexpr std::string_view kDnsTunnel = "network.dns-tunnel";
constexpr std::string_view kUnexpectedHost = "network.unexpected-host";

std::string address_of(const WireContact& contact) {
  if (contact.port == 0) return contact.who();
  const bool ipv6 = contact.who().find(':') != std::string::npos;
  return fmt::format("{}{}{}:{}", ipv6 ? "[" : "", contact.who(), ipv6 ? "]" : "", contact.port);
}

Citation cite_contact(const WireContact& contact) {
  return cite(source::network(),
              fmt::format("{} to {}, {} from +{:.1f} s", contact.protocol, address_of(contact),
                          count_of(contact.frames, "frame"), contact.first_s));
}

/// What went on the wire past the proxy. Where the skill has to go the proxy lets it; a connection
/// of its own hides what it carries, and works on no machine whose only way out is a proxy.
void direct_attempts(const RuleInput& input, Drafts& drafts) {
  std::vector<Offender> offenders;
  std::size_t unlisted = 0;
  const bool plain = chosen_echo_bytes(input.evidence.wire) == 0;
  for (const WireContact& contact : input.evidence.wire.contacts) {
    // No proxy passes an echo request on, so that a documented one has no other way.
    if (contact.protocol == "icmp" && plain && is_host_named(input, contact.address)) continue;
    if (offenders.size() == kMostListed) {
      ++unlisted;
      continue;
    }
    Offender offender;
    offender.words.what = as_code(contact.protocol + " " + address_of(contact));
    offender.evidence.push_back(cite_contact(contact));
    if (auto who = cite_connector(input, contact)) offender.evidence.push_back(std::move(*who));
    offenders.push_back(std::move(offender));
  }
  drafts.add_each(kDirectAttempt, offenders, unlisted);
}

/// The last two labels, or none for a name that has no third.
std::string_view domain_of(std::string_view name) {
  const std::size_t last = name.rfind('.');
  if (last == std::string_view::npos || last == 0) return {};
  const std::size_t before = name.rfind('.', last - 1);
  return before == std::string_view::npos ? std::string_view{} : name.substr(before + 1);
}

/// Labels that hold data are long, and each is asked for once. Returns the domains.
std::set<std::string> dns_tunnels(const RuleInput& input, Drafts& drafts) {
  constexpr std::size_t kLongLabel = 20;
  constexpr std::size_t kFewNames = 3;
  struct Domain {
    std::set<std::string> names;
    std::size_t bytes = 0;  ///< in their long labels
  };
  std::map<std::string, Domain> domains;
  for (const NameAsked& asked : input.evidence.wire.names) {
    const std::string_view domain = domain_of(asked.name);
    if (domain.empty()) continue;
    std::size_t longest = 0;
    for (const std::string_view label :
         split(std::string_view(asked.name).substr(0, asked.name.size() - domain.size()), '.'))
      longest = std::max(longest, label.size());
    if (longest < kLongLabel) continue;
    Domain& found = domains[std::string(domain)];
    if (found.names.insert(asked.name).second) found.bytes += longest;
  }
  std::vector<Offender> offenders;
  std::set<std::string> tunnels;
  for (const auto& [name, domain] : domains) {
    if (domain.names.size() < kFewNames) continue;
    tunnels.insert(name);
    Offender offender;
    offender.words.what = as_code("*." + name);
    offender.evidence.push_back(cite(
        source::network(),
        fmt::format("{} names below {} with {} in their longest labels, such as {}",
                    domain.names.size(), name, human_bytes(domain.bytes), *domain.names.begin())));
    offenders.push_back(std::move(offender));
  }
  drafts.add_each(kDnsTunnel, offenders);
  return tunnels;
}

/// A host that was looked up without the proxy was addressed as one that was asked for through it.
void unexpected_names(const RuleInput& input, const std::set<std::string>& tunnels,
                      Drafts& drafts) {
  const std::set<std::string> mirrors = mirror_hosts(input.evidence);
  std::set<std::string> told;  // by the flows that went to the proxy
  for (const Flow& flow : input.evidence.flows) told.insert(flow.host);
  std::map<std::string, Offender> offenders;
  std::size_t unlisted = 0;
  for (const NameAsked& asked : input.evidence.wire.names) {
    // The machine's own name, and addresses asked for theirs.
    if (asked.name.find('.') == std::string::npos || asked.name.ends_with(".arpa")) continue;
    if (tunnels.contains(std::string(domain_of(asked.name)))) continue;
    std::string host = asked.name;
    // A service's place in a domain (RFC 2782) is the domain's business: "_https._tcp.example.com".
    while (host.starts_with('_') && host.find('.') != std::string::npos)
      host.erase(0, host.find('.') + 1);
    if (told.contains(host) || mirrors.contains(host) || is_host_named(input, host) ||
        was_given(input.evidence.execution, host))
      continue;
    if (!offenders.contains(host) && offenders.size() == kMostListed) {
      ++unlisted;
      continue;
    }
    Offender& offender = offenders[host];
    offender.words.what = as_code(host);
    if (offender.evidence.size() < 4)
      offender.evidence.push_back(
          cite(source::network(), fmt::format("asked the resolver for {} {}, {}", asked.type,
                                              asked.name, count_of(asked.count, "time"))));
  }
  std::vector<Offender> all;
  for (const auto& [host, offender] : offenders) all.push_back(offender);
  drafts.add_each(kUnexpectedHost, all, unlisted);
}

void wire_rules(const RuleInput& input, Drafts& drafts) {
  unexpected_names(input, dns_tunnels(input, drafts), drafts);
  direct_attempts(input, drafts);
}

}  // namespace

RuleCode wire_code() { return {{kDirectAttempt, kDnsTunnel, kUnexpectedHost}, wire_rules}; }

}  // namespace skillaudit
