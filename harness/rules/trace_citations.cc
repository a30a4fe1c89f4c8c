#include <fmt/core.h>

#include <algorithm>

#include "harness/rules/trace_rules.h"
#include "harness/rules/trace_words.h"

namespace skillaudit {

std::optional<Citation> cite_connector(const RuleInput& input, const WireContact& contact) {
  if (!input.evidence.trace.collected) return std::nullopt;
  for (const std::uint32_t i : input.processes.of_kind(TraceKind::Connect)) {
    const TraceEvent& event = input.processes.events()[i];
    if (event.port != contact.port || event.address != contact.address) continue;
    return cite_event(input, i,
                      fmt::format("connected to {} port {}", contact.address, contact.port));
  }
  return std::nullopt;
}

}  // namespace skillaudit
