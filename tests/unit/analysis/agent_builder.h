#pragma once

#include <string>
#include <utility>

#include "harness/changes/agent_effects.h"
#include "tests/unit/analysis/trace_builder.h"

namespace skillaudit::testing {

inline const std::string kPrograms = "/usr/local/lib/node_modules";
inline const std::string kClaude = kPrograms + "/@anthropic-ai/claude-code-linux-x64/claude";

/// An audit that an agent drove: it offered the skill, the skill was triggered, and the model had
/// nothing done. The kernel recorded all of it.
class AgentBuilder : public TraceBuilder {
 public:
  AgentBuilder() {
    AgentRun& agent = evidence.agent;
    agent.name = evidence.execution.runner = "claude";
    agent.title = "Claude Code";
    agent.version = "2.1.330";
    agent.model = "obedient";
    agent.host = "api.anthropic.com:443";
    agent.programs = kPrograms;
    agent.prompts = {"Use it."};
    agent.transcript.exchanges = 2;
    agent.transcript.offered = agent.transcript.triggered = true;
    agent.transcript.files_read = {"SKILL.md"};
    exec(kAgent, kShell, {kClaude, "-p", "Use it."});
  }

  /// What the agent asks of its model.
  AgentBuilder& asks(const std::string& path = "/v1/messages") {
    Flow flow = request("POST", "api.anthropic.com", path);
    flow.allowed = true;
    flow.group = "model";
    flow.status = 200;
    flow.request_body = "bodies/" + std::to_string(evidence.flows.size() + 1) + ".bin";
    add(flow);
    return *this;
  }
  AgentBuilder& call(const std::string& command, const std::string& result = "",
                     bool is_error = false) {
    AgentAction action{.tool = "Bash", .kind = "shell", .what = command, .result = result};
    action.answered = true;
    action.is_error = is_error;
    action.source = source::flow(7);
    evidence.agent.transcript.actions.push_back(action);
    return *this;
  }
  /// A child of the agent's.
  AgentBuilder& starts(std::vector<std::string> words) {
    const std::int64_t child = next_++;
    fork(kAgent, child);
    exec(child, kAgent, std::move(words));
    return *this;
  }

  static constexpr std::int64_t kAgent = 110;

 private:
  std::int64_t next_ = 500;
};

}  // namespace skillaudit::testing
