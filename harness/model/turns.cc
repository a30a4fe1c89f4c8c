#include "harness/model/turns.h"

#include <cctype>

namespace skillaudit {

std::vector<SeenCall> seen_calls(const ModelRequest& request) {
  std::vector<SeenCall> seen;
  for (std::size_t i = 0; i < request.messages.size(); ++i) {
    for (const ToolCall& call : request.messages[i].calls) seen.push_back({&call, nullptr, i});
    for (const ToolResult& result : request.messages[i].results)
      for (SeenCall& one : seen)
        if (one.result == nullptr && one.call->id == result.call_id) {
          one.result = &result;
          break;
        }
  }
  return seen;
}

std::size_t turns_so_far(const ModelRequest& request) {
  std::size_t turns = 0;
  bool inside = false;
  for (const ChatMessage& message : request.messages) {
    const bool assistant = message.role == Role::Assistant;
    if (assistant && !inside) ++turns;
    inside = assistant;
  }
  return turns;
}

std::size_t first_new_message(const ModelRequest& request) {
  std::size_t first = request.messages.size();
  while (first > 0 && request.messages[first - 1].role != Role::Assistant) --first;
  return first;
}

const std::string* user_prompt(const ModelRequest& request) {
  const std::string* prompt = nullptr;
  for (const ChatMessage& message : request.messages) {
    if (message.role == Role::Assistant) break;
    if (message.role != Role::User) continue;
    for (const std::string& part : message.parts)
      if (!part.starts_with('<')) prompt = &part;
  }
  return prompt;
}

bool has_word(std::string_view text, std::string_view word) {
  const auto inside = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-';
  };
  for (std::size_t at = text.find(word); at != std::string_view::npos && !word.empty();
       at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool starts = at == 0 || !inside(text[at - 1]);
    if (starts && (end == text.size() || !inside(text[end]))) return true;
  }
  return false;
}

}  // namespace skillaudit
