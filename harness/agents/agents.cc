#include <algorithm>

#include "harness/agents/agent.h"
#include "harness/agents/known_agents.h"
#include "harness/base/error.h"
#include "harness/base/text.h"

namespace skillaudit {

const std::vector<Agent>& known_agents() {
  static const std::vector<Agent> list = [] {
    std::vector<Agent> agents;
    for (const KnownAgent& known : kKnownAgents) agents.push_back(known.make());
    return agents;
  }();
  return list;
}

std::string agent_names() {
  std::vector<std::string> names;
  for (const Agent& agent : known_agents()) names.push_back(agent.name);
  return join(names, ", ");
}

const Agent& find_agent(std::string_view name) {
  for (const Agent& agent : known_agents())
    if (agent.name == name) return agent;
  fail(ErrorKind::Usage, "unknown agent '{}': skillaudit knows {}", printable(name), agent_names());
}

std::string agent_command(const Agent& agent, std::string_view prompt) {
  std::string command = agent.name;
  for (const std::string& argument : agent.arguments)
    command += " " + (argument == "{prompt}"      ? shell_quote(prompt)
                      : argument.starts_with("-") ? argument
                                                  : shell_quote(argument));
  return command;
}

}  // namespace skillaudit
