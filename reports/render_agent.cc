// The agent that drove the skill: what it was asked, and what its model had it do.
#include <fmt/core.h>

#include "harness/base/text.h"
#include "reports/facts.h"
#include "reports/markdown_view.h"

namespace skillaudit::markdown {
void put_agent(data& view, const Evidence& evidence) {
  const AgentRun& agent = evidence.agent;
  std::vector<Fact> known = agent_facts(evidence);
  data calls{data::type::list};
  if (!agent.name.empty()) {
    const Transcript& transcript = agent.transcript;
    std::size_t shown = 0;
    for (const AgentAction& action : transcript.actions) {
      if (++shown > kMostItems) break;
      data entry;
      entry.set("mark", !action.answered ? "❔" : action.is_error ? "❌" : "✅");
      entry.set("tool", code(action.tool));
      entry.set("what", code(action.what));
      entry.set("source", code(text_of(action.source)));
      calls.push_back(entry);
    }
    if (transcript.actions.size() > kMostItems)
      known.push_back(
          {"Calls",
           {fmt::format("{}; the first {} are shown", transcript.actions.size(), kMostItems)}});
  }
  view.set("agent", facts(known));
  view.set("agent_calls", calls);
  view.set("has_agent", !agent.name.empty());
}

}  // namespace skillaudit::markdown
