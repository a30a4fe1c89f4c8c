#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/conversation.h"

namespace skillaudit {

/// A call of the conversation with what came of it. The pointers are into the request.
struct SeenCall {
  const ToolCall* call = nullptr;
  const ToolResult* result = nullptr;  ///< null: none came yet
  std::size_t message = 0;             ///< of the call
};
[[nodiscard]] std::vector<SeenCall> seen_calls(const ModelRequest& request);

/// How often the model has answered so far; the answers to one request may be several messages.
[[nodiscard]] std::size_t turns_so_far(const ModelRequest& request);

/// The first message after the model's last answer; 0 where it has not answered yet.
[[nodiscard]] std::size_t first_new_message(const ModelRequest& request);

/// What the user typed: the last text before the model's first answer that is no tag of the
/// agent's ("<system-reminder>"). Null: there is none. Points into the request.
[[nodiscard]] const std::string* user_prompt(const ModelRequest& request);

/// Whether `word` is in the text and not part of a longer word or name.
[[nodiscard]] bool has_word(std::string_view text, std::string_view word);

}  // namespace skillaudit
