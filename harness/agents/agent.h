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
  std::string api;                 ///< the wire format: "anthropic-messages", as name_of(ModelApi)
  std::string host;                ///< "api.anthropic.com:443"
  std::vector<std::string> paths;  ///< that it posts to; patterns as in network rules
  std::string header;              ///< "x-api-key"
  std::string prefix;              ///< "Bearer ", or empty
  std::string key_variable;        ///< "ANTHROPIC_API_KEY": of the guest's agent and of the host
  std::string key_form;            ///< what a key begins with: "sk-ant-api03-"
};

/// A tool that the agent offers to its model, and the names that the argument has had in versions
/// of the agent, the likeliest first.
struct AgentTool {
  std::string name;                    ///< "Bash"
  std::vector<std::string> arguments;  ///< {"command"}
};

/// How the model waits for a command that is still running when the shell's tool returned.
struct AgentWait {
  std::string mark;  ///< stands before the session's number in the result; empty: there is no such
  std::string end_of_head;  ///< the mark counts before it: what follows is the command's output
  std::string tool;         ///< "write_stdin"
  std::string argument;     ///< that takes the session's number
  std::string others;       ///< the other arguments, as a JSON object
};

struct AgentTools {
  std::vector<AgentTool> shell;  ///< runs a command
  std::vector<AgentTool> read;   ///< reads a file
  std::vector<AgentTool> skill;  ///< loads a skill
  AgentWait wait = {};
};

/// What a result has around the text of a file that was read.
struct ResultFrame {
  std::string begins;    ///< how a result in this frame begins
  std::string open;      ///< the text begins after it
  std::string close;     ///< the text ends before the last one; empty: nothing follows
  std::string cut = {};  ///< then the text ends before the last one of these, too
};

/// How the agent words what it gives back.
struct AgentResults {
  std::vector<ResultFrame> frames = {};  ///< taken off in this order
  std::string failed = {};  ///< stands before the exit code of a command: "exited with code "
  /// How the user's text begins that follows the skill tool's result and holds the document; empty:
  /// the result holds it.
  std::string document_follows = {};
  std::string listing = {};  ///< how a text begins that lists the folders
  /// Of the JSON object on the last line that it prints: the field that says how it ended.
  std::string last_words = {};
  std::vector<std::string> folder_variables = {};  ///< stand for the skill's folder in documents
};

/// Where the user's plugins or extensions are, relative to the home. They hold skills, too.
struct AgentPlugins {
  std::string folder = {};  ///< each folder in it is one
  /// JSON that names the folder of each installed one as `installPath`: others lie beside these.
  std::string list = {};
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
  AgentPlugins plugins = {};
  std::vector<AgentFile> settings;
  /// Variables that disable self-updates and telemetry.
  std::vector<std::pair<std::string, std::string>> environment;
  /// Variables that it sets for the commands that it runs, by which these can tell it.
  std::vector<std::pair<std::string, std::string>> of_commands = {};
  AgentModelHost model;
  /// Arguments of a non-interactive run; `{prompt}` is replaced by the prompt.
  std::vector<std::string> arguments;
  AgentTools tools = {};
  AgentResults results = {};
  /// What it makes by itself where a command changed a file, which no command of its control does.
  std::vector<std::string> own_files = {};

  [[nodiscard]] const std::string& version() const { return packages.front().version; }
};

/// The agents that an audit can use. find_agent() throws Error{Usage} that names them.
[[nodiscard]] const std::vector<Agent>& known_agents();
/// "claude, codex, gemini, opencode"
[[nodiscard]] std::string agent_names();
[[nodiscard]] const Agent& find_agent(std::string_view name);

/// Where the packages are found in the guest, and the folder of the programs on its PATH.
inline constexpr const char* kAgentFolder = "/usr/local/lib/node_modules";
inline constexpr const char* kProgramFolder = "/usr/local/bin";

/// The shell command that runs the agent on `prompt`, non-interactively and without questions.
[[nodiscard]] std::string agent_command(const Agent& agent, std::string_view prompt);

}  // namespace skillaudit
