#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/evidence/gap.h"
#include "harness/evidence/source.h"

namespace skillaudit {

/// What the agent does to a guest when no skill is there: the same agent on the same template, with
/// its own prompt. Names that are random in each run are masked
/// (analysis/agent_effects.h).
struct AgentControl {
  /// One entry for each file: as many as there were of a drawn name.
  std::vector<std::string> files;     ///< paths that were added, modified or deleted
  std::vector<std::string> requests;  ///< "POST https://api.example.com:443/v1/log", all blocked
  /// What its own programs did that the trace tells of: "secret-read PROGRAM /home/ubuntu/.npmrc".
  std::vector<std::string> trace;
  /// Of each file by which the agent is told or allowed something, what it says, one by one.
  std::vector<std::string> settings;
};

/// The text of a file that changed and by which an agent is told or allowed something.
struct AgentFileText {
  std::string path;
  std::string text;
};

/// The form in which a bundle keeps them: for each its path, its size and its text.
[[nodiscard]] std::string format_agent_files(const std::vector<AgentFileText>& files);
/// Adds to `gaps` where `text` is damaged.
[[nodiscard]] std::vector<AgentFileText> parse_agent_files(std::string_view text,
                                                           std::vector<Gap>& gaps);

/// One call of a tool that the model asked for, and what came back.
struct AgentAction {
  std::string tool;    ///< as the agent names it: "Bash"
  std::string kind;    ///< "shell", "read", "skill", or "other"
  std::string what;    ///< the command, the path, the skill's name; else the arguments as JSON
  std::string result;  ///< at most 4 KiB
  bool answered = false;
  bool is_error = false;
  double time = 0;  ///< seconds since the epoch, the host's clock: when the model asked for it
  Source source;    ///< "flows.jsonl#7"
};

/// The conversation between the agent and its model, as the proxy saw it pass. The model's side of
/// it comes from outside the guest; what tools returned is the guest's word.
struct Transcript {
  std::size_t exchanges = 0;
  std::uint64_t input_tokens = 0;  ///< as the model's host counted them
  std::uint64_t output_tokens = 0;
  std::optional<double>
      cost_usd;            ///< as the agent reports; none: it reports nothing, or the model is free
  bool offered = false;    ///< the agent told the model of the skill
  bool triggered = false;  ///< the skill's instructions reached the model
  std::vector<std::string> files_read;  ///< of the skill, relative to its folder; sorted
  std::vector<AgentAction> actions;     ///< in the order in which the model asked for them
  std::string last_text;                ///< what the model said at the end; at most 4 KiB
  std::string last_error;  ///< what the model's host answered last, where it was an error
};

/// The agent that drove the skill.
struct AgentRun {
  std::string name;  ///< "claude"; empty: no agent did
  std::string title;
  std::string version;
  std::string model;                 ///< "obedient", "script", "replay", "live" or "endpoint"
  std::string host;                  ///< "api.anthropic.com:443"
  std::string programs;              ///< the read-only folder of its programs in the guest
  std::string key_decoy;             ///< Decoy::name of the key that the guest was given
  std::vector<std::string> prompts;  ///< one run of the agent for each
  AgentControl control;
  Transcript transcript;
};

}  // namespace skillaudit
