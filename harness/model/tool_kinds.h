#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/conversation.h"

namespace skillaudit {

// What a model wants done, by the tools that an agent offers (Agent::tools): a shell, a tool that
// reads files, one that loads a skill. Versions name the arguments differently, so the offered
// schema decides.

/// None where no shell is offered. `folder`: where the command is to run; by the tool's own
/// argument where it has one, else by a `cd` before the command. Empty: wherever the agent runs it.
[[nodiscard]] std::optional<ToolCall> shell_call(const std::vector<OfferedTool>& tools,
                                                 std::string_view command,
                                                 std::string_view folder = {});

/// By the shell's `cat` where no tool reads files.
[[nodiscard]] std::optional<ToolCall> read_call(const std::vector<OfferedTool>& tools,
                                                std::string_view path);

[[nodiscard]] std::optional<ToolCall> skill_call(const std::vector<OfferedTool>& tools,
                                                 std::string_view name);

/// The call that waits for a command which still runs when its tool returned (AgentWait); none
/// where `result` does not say so.
[[nodiscard]] std::optional<ToolCall> wait_call(const std::vector<OfferedTool>& tools,
                                                std::string_view result);

/// The inverse: what a call does. None for one of another kind.
[[nodiscard]] std::optional<std::string> shell_command_of(const ToolCall& call);
/// Also of a shell's `cat PATH`.
[[nodiscard]] std::optional<std::string> read_path_of(const ToolCall& call);
[[nodiscard]] std::optional<std::string> skill_name_of(const ToolCall& call);

/// Whether both do the same thing, whatever else their arguments say (a description, a time limit).
[[nodiscard]] bool same_action(const ToolCall& one, const ToolCall& other);

/// The word as a shell needs it: quoted only where it must be.
[[nodiscard]] std::string shell_word(std::string_view word);

}  // namespace skillaudit
