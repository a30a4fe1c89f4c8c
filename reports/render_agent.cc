// The agent that drove the skill: what it was asked, and what its model had it do.
#include <fmt/format.h>

#include "harness/analysis/process_tree.h"
#include "harness/base/text.h"
#include "reports/markdown_text.h"
#include "reports/markdown_view.h"

namespace skillaudit::markdown {
namespace {

std::string tokens_of(const Transcript& transcript) {
  return fmt::format(
      "{} of the model, {} tokens in, {} out{}", count_of(transcript.exchanges, "answer"),
      transcript.input_tokens, transcript.output_tokens,
      transcript.cost_usd
          ? fmt::format(", {:.4f} US dollars by the agent's own count", *transcript.cost_usd)
          : "");
}

std::string model_of(const AgentRun& agent) {
  if (agent.model == "obedient")
    return fmt::format("built in: follows the skill to the letter, in the place of {}",
                       code(agent.host));
  if (agent.model == "script") return fmt::format("a script, in the place of {}", code(agent.host));
  if (agent.model == "replay")
    return fmt::format("a recording, in the place of {}", code(agent.host));
  return fmt::format("live, at {}", code(agent.host));
}

std::string files_of(const std::vector<std::string>& files) {
  std::vector<std::string> shown;
  for (const std::string& file : files) {
    if (shown.size() == kMostItems) break;
    shown.push_back(code(file));
  }
  const std::size_t more = files.size() - shown.size();
  return shown.empty() ? "none"
                       : join(shown, ", ") + (more > 0 ? fmt::format(" and {} more", more) : "");
}

}  // namespace

void put_agent(data& view, const Evidence& evidence) {
  const AgentRun& agent = evidence.agent;
  data facts{data::type::list};
  data calls{data::type::list};
  if (!agent.name.empty()) {
    const Transcript& transcript = agent.transcript;
    const auto add = [&](const char* label, const std::string& markdown) {
      data entry;
      entry.set("label", label);
      entry.set("value", markdown);
      facts.push_back(entry);
    };
    add("Agent", fmt::format("{} {}", markdown_prose(printable(agent.title)),
                             markdown_prose(printable(agent.version))));
    add("Model", model_of(agent));
    for (const std::string& prompt : agent.prompts) add("Prompt", code(prompt));
    add("Skill offered to the model", transcript.offered ? "✅ yes" : "❌ no");
    add("Skill triggered", transcript.triggered ? "✅ yes" : "❌ no");
    add("Files of the skill that the model read", files_of(transcript.files_read));
    if (evidence.trace.collected) add("Files of the skill that ran", files_of(files_run(evidence)));
    add("Conversation", tokens_of(transcript));
    std::size_t shown = 0;
    for (const AgentAction& action : transcript.actions) {
      if (++shown > kMostItems) break;
      data entry;
      entry.set("mark", !action.answered ? "❔" : action.is_error ? "❌" : "✅");
      entry.set("tool", code(action.tool));
      entry.set("what", code(action.what));
      entry.set("source", code(action.source));
      calls.push_back(entry);
    }
    if (transcript.actions.size() > kMostItems)
      add("Calls", fmt::format("{}, of which the first {} are shown", transcript.actions.size(),
                               kMostItems));
  }
  view.set("agent", facts);
  view.set("agent_calls", calls);
  view.set("has_agent", !agent.name.empty());
}

}  // namespace skillaudit::markdown
