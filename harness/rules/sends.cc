#include "harness/rules/sends.h"

#include <limits>

#include "harness/changes/agent_effects.h"

namespace skillaudit {

std::optional<double> time_in_trace(const RuleInput& input, const Flow& flow) {
  const Trace& trace = input.evidence.trace;
  if (trace.began_at <= 0) return std::nullopt;
  return flow.time - trace.began_at;
}

FlowsBySource::FlowsBySource(const Evidence& evidence) {
  for (const Flow& flow : evidence.flows) flows_.emplace(source::flow(flow.id), &flow);
}

const Flow* FlowsBySource::at(const Source& source) const {
  const auto found = flows_.find(source);
  return found == flows_.end() ? nullptr : found->second;
}

UnexplainedSends::UnexplainedSends(const RuleInput& input) {
  const AgentEffects agent(input.evidence);
  const FlowsBySource flows(input.evidence);
  for (const UnexplainedPart& part : input.evidence.unexplained) {
    const Flow* flow = flows.at(part.evidence);
    if (flow != nullptr && agent.owns(*flow)) continue;
    const auto at = flow == nullptr ? std::nullopt : time_in_trace(input, *flow);
    sent_.push_back({at.value_or(std::numeric_limits<double>::infinity()), part.bytes});
  }
}

bool UnexplainedSends::any_after(double time_s) const {
  std::size_t bytes = 0;
  for (const Sent& each : sent_)
    if (each.time_s >= time_s - kClockSlack) bytes += each.bytes;
  return bytes >= kLeastSecret;
}

}  // namespace skillaudit
