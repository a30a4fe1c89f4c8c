#include "harness/model/recording.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/model/housekeeping.h"
#include "harness/model/turns.h"

namespace skillaudit {
namespace {

constexpr std::size_t kBeforeDifference = 60;
constexpr std::size_t kShown = 240;

/// What the agent adds of its own.
bool is_agents(std::string_view part) {
  for (const std::string_view tag :
       {"<system-reminder>", "<environment_context>", "<session_context>"})
    if (part.starts_with(tag)) return true;
  return false;
}

std::vector<ChatMessage> new_messages(const ModelRequest& request) {
  std::vector<ChatMessage> messages;
  for (std::size_t i = first_new_message(request); i < request.messages.size(); ++i) {
    const ChatMessage& message = request.messages[i];
    if (message.role != Role::User) continue;
    ChatMessage kept;
    for (const std::string& part : message.parts) {
      if (is_agents(part)) continue;
      kept.text += (kept.parts.empty() ? "" : "\n") + part;
      kept.parts.push_back(part);
    }
    for (const ToolResult& result : message.results)
      kept.results.push_back({.text = result.text, .is_error = result.is_error});
    if (!kept.parts.empty() || !kept.results.empty()) messages.push_back(std::move(kept));
  }
  return messages;
}

/// What must be the same for two requests to say the same. How an agent spreads it over messages
/// is its own affair.
std::string key_of(const std::vector<ChatMessage>& messages) {
  std::string key;
  for (const ChatMessage& message : messages) {
    for (const ToolResult& result : message.results)
      key += (result.is_error ? "error: " : "result: ") + without_drawn_text(result.text) + "\n";
    for (const std::string& part : message.parts) key += "user: " + without_drawn_text(part) + "\n";
  }
  return key;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  if (from.empty()) return text;
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

std::string with_secrets(std::string text, const Redactions& secrets) {
  for (const auto& [secret, placeholder] : secrets)
    text = replaced(std::move(text), placeholder, secret);
  return text;
}

nlohmann::json with_secrets(const nlohmann::json& value, const Redactions& secrets) {
  if (value.is_string()) return with_secrets(value.get<std::string>(), secrets);
  if (!value.is_structured()) return value;
  nlohmann::json copy = value.is_array() ? nlohmann::json::array() : nlohmann::json::object();
  for (const auto& [key, item] : value.items()) {
    if (value.is_array())
      copy.push_back(with_secrets(item, secrets));
    else
      copy[with_secrets(key, secrets)] = with_secrets(item, secrets);
  }
  return copy;
}

std::vector<ChatMessage> without_secrets(std::vector<ChatMessage> messages,
                                         const Redactions& secrets) {
  for (ChatMessage& message : messages)
    for (const auto& [secret, placeholder] : secrets) {
      for (std::string& part : message.parts) part = replaced(std::move(part), secret, placeholder);
      for (ToolResult& result : message.results)
        result.text = replaced(std::move(result.text), secret, placeholder);
    }
  return messages;
}

std::string from_difference(const std::string& text, std::size_t at) {
  std::size_t start = at > kBeforeDifference ? at - kBeforeDifference : 0;
  // Not within a character.
  while (start > 0 && (static_cast<unsigned char>(text[start]) & 0xC0) == 0x80) --start;
  return (start > 0 ? "…" : "") + printable(shorten(text.substr(start), kShown));
}

}  // namespace

Recording record(const std::vector<Exchange>& exchanges, const std::string& agent,
                 const std::string& agent_version, const std::string& skill) {
  Recording recording{.agent = agent, .agent_version = agent_version, .skill = skill};
  for (const Exchange& exchange : exchanges) {
    if (exchange.request.counts_tokens) continue;
    RecordedExchange kept{.api = exchange.request.api,
                          .model = exchange.request.model,
                          .messages = new_messages(exchange.request),
                          .reply = exchange.reply};
    for (const OfferedTool& tool : exchange.request.tools) kept.tools.push_back(tool.name);
    for (ToolCall& call : kept.reply.calls) call.id.clear();
    recording.exchanges.push_back(std::move(kept));
  }
  return recording;
}

ReplayModel::ReplayModel(Recording recording, Redactions secrets)
    : recording_(std::move(recording)), secrets_(std::move(secrets)) {
  std::stable_sort(secrets_.begin(), secrets_.end(),
                   [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
  for (const RecordedExchange& exchange : recording_.exchanges)
    keys_.push_back(key_of(exchange.messages));
  used_.resize(keys_.size());
}

ModelReply ReplayModel::answer(const ModelRequest& request) {
  const bool housekeeping = is_housekeeping(request);
  const std::string key = key_of(without_secrets(new_messages(request), secrets_));
  std::optional<std::size_t> expected;
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    const RecordedExchange& exchange = recording_.exchanges[i];
    if (used_[i] || exchange.tools.empty() != housekeeping) continue;
    if (exchange.api != request.api || keys_[i] != key) {
      if (!expected) expected = i;
      continue;
    }
    used_[i] = true;
    ModelReply reply = exchange.reply;
    reply.text = with_secrets(std::move(reply.text), secrets_);
    if (reply.raw) reply.raw = with_secrets(std::move(*reply.raw), secrets_);
    for (ToolCall& call : reply.calls) call.arguments = with_secrets(call.arguments, secrets_);
    return reply;
  }
  if (housekeeping) return housekeeping_reply(request);
  if (!expected)
    fail(ErrorKind::Evidence,
         "the replay differs at exchange {}: the recording has ended, but the agent sent \"{}\"",
         keys_.size() + 1, from_difference(key, 0));
  const std::string& recorded = keys_[*expected];
  const std::size_t same = static_cast<std::size_t>(
      std::mismatch(recorded.begin(), recorded.end(), key.begin(), key.end()).first -
      recorded.begin());
  if (recorded == key)
    fail(ErrorKind::Evidence,
         "the replay differs at exchange {}: the recorded API is {}, now it is {}", *expected + 1,
         name_of(recording_.exchanges[*expected].api), name_of(request.api));
  fail(ErrorKind::Evidence, "the replay differs at exchange {}: recorded \"{}\", now \"{}\"",
       *expected + 1, from_difference(recorded, same), from_difference(key, same));
}

std::size_t ReplayModel::unused() const {
  std::size_t count = 0;
  for (std::size_t i = 0; i < used_.size(); ++i)
    if (!used_[i] && !recording_.exchanges[i].tools.empty()) ++count;
  return count;
}

}  // namespace skillaudit
