#include "harness/analysis/seen_harm.h"

#include <algorithm>
#include <functional>
#include <set>

#include "harness/base/ascii.h"
#include "harness/skill/expected_answer.h"
#include "harness/skill/reach.h"

namespace skillaudit {
namespace {

bool in_any(const Evidence& evidence, const std::function<bool(const Evidence&)>& is_so) {
  return is_so(evidence) || std::ranges::any_of(evidence.worlds, is_so);
}

bool asked(const Evidence& clone, const std::string& host) {
  const auto is_it = [&](std::string_view name) { return ascii_lower(name) == ascii_lower(host); };
  return std::ranges::any_of(clone.flows, is_it, &Flow::host) ||
         std::ranges::any_of(clone.wire.names, is_it, &NameAsked::name) ||
         std::ranges::any_of(clone.wire.contacts, is_it, &WireContact::address);
}

bool asked_somebody(const Evidence& clone) {
  return !clone.wire.contacts.empty() || !clone.wire.names.empty() ||
         std::ranges::any_of(clone.flows, [](const Flow& flow) {
           return !flow.allowed || flow.group != "mirrors";
         });
}

bool opened_a_secret(const Evidence& clone) {
  std::set<std::string_view> known;
  for (const Decoy& each : clone.decoys) known.insert(each.path);
  return std::ranges::any_of(clone.trace.events, [&](const TraceEvent& event) {
    return event.kind == TraceKind::SecretRead && event.success &&
           std::ranges::any_of(event.paths,
                               [&](const std::string& path) { return known.contains(path); });
  });
}

}  // namespace

bool shows(const Evidence& clone, std::string_view part) {
  const std::vector<std::string> hosts = hosts_in(part);
  const bool all = std::ranges::all_of(hosts, [&](const auto& host) { return asked(clone, host); });
  if (hosts.empty() ? !asked_somebody(clone) : !all) return false;
  return !reach_of(part).test(static_cast<std::size_t>(Reach::Secrets)) || opened_a_secret(clone);
}

bool is_seen(std::string_view part, const Evidence& evidence) {
  return in_any(evidence, [&](const Evidence& clone) { return shows(clone, part); });
}

bool used_both(const Evidence& evidence) {
  return in_any(evidence, [](const Evidence& clone) {
    return asked_somebody(clone) && opened_a_secret(clone);
  });
}

}  // namespace skillaudit
