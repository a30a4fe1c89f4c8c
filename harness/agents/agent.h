#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace skillaudit {

/// A package of the npm registry at a fixed version, so that audits are reproducible.
struct AgentPackage {
  std::string name;     ///< "@anthropic-ai/claude-code-linux-x64"
  std::string version;  ///< "2.1.330"
};

/// A file placed in the user's home, so that the agent asks no questions and changes little.
struct AgentFile {
  std::string path;  ///< relative to the home
  std::string content;
};

/// The host of the model that the agent speaks to, and where it puts its key.
struct AgentModelHost {
  std::string host;                ///< "api.anthropic.com:443"
  std::vector<std::string> paths;  ///< that it posts to; patterns as in network rules
  std::string header;              ///< "x-api-key"
  std::string prefix;              ///< "Bearer ", or empty
  std::string key_variable;        ///< "ANTHROPIC_API_KEY": of the guest's agent and of the host
  std::string key_form;            ///< what a key begins with: "sk-ant-api03-"
};

/// A command-line agent as an audit uses it: everything that differs between agents.
struct Agent {
  std::string name;   ///< "claude": as on the command line
  std::string title;  ///< "Claude Code"
  /// The first one is the agent's own; its version is the agent's.
  std::vector<AgentPackage> packages;
  /// How it is started: program and arguments, below the folder that holds the packages.
  std::vector<std::string> start;
  /// Other programs of its packages that it looks for on the user's PATH: name, and where it is.
  std::vector<std::pair<std::string, std::string>> programs = {};
  std::string skills;  ///< where it looks for skills, relative to the home
  std::vector<AgentFile> settings;
  /// Variables that disable self-updates and telemetry.
  std::vector<std::pair<std::string, std::string>> environment;
  AgentModelHost model;
  /// Arguments of a non-interactive run; `{prompt}` is replaced by the prompt.
  std::vector<std::string> arguments;

  [[nodiscard]] const std::string& version() const { return packages.front().version; }
};

/// The agents that an audit can use. find_agent() throws Error{Usage} that names them.
[[nodiscard]] const std::vector<Agent>& known_agents();
[[nodiscard]] const Agent& find_agent(std::string_view name);

/// Where the packages are found in the guest, and the folder of the programs on its PATH.
inline constexpr const char* kAgentFolder = "/usr/local/lib/node_modules";
inline constexpr const char* kProgramFolder = "/usr/local/bin";

/// The shell command that runs the agent on `prompt`, non-interactively and without questions.
[[nodiscard]] std::string agent_command(const Agent& agent, std::string_view prompt);

}  // namespace skillaudit
