// https://docs.anthropic.com/en/api/messages, and messages-streaming for the events.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>

#include "harness/base/error.h"
#include "harness/model/wire.h"

namespace skillaudit::wire {
namespace {

// https://docs.anthropic.com/en/api/errors
constexpr auto kErrors =
    std::to_array<std::pair<int, std::string_view>>({{400, "invalid_request_error"},
                                                     {401, "authentication_error"},
                                                     {402, "billing_error"},
                                                     {403, "permission_error"},
                                                     {404, "not_found_error"},
                                                     {413, "request_too_large"},
                                                     {429, "rate_limit_error"},
                                                     {500, "api_error"},
                                                     {504, "timeout_error"},
                                                     {529, "overloaded_error"}});

std::string_view error_type(int status) {
  for (const auto& [code, type] : kErrors)
    if (code == status) return type;
  return status < 500 ? "invalid_request_error" : "api_error";
}

int error_status(std::string_view type) {
  for (const auto& [code, name] : kErrors)
    if (name == type) return code;
  return 500;
}

/// Text, or a list of blocks of which those of text count.
std::string text_of(const Place& content) {
  if (content.is_string()) return content.text();
  ChatMessage joined;
  for (const Place& block : content.items())
    if (block["type"].text() == "text") add_part(joined, block["text"].text());
  return joined.text;
}

void read_block(const Place& block, ChatMessage& message) {
  const std::string type = block["type"].text();
  if (type == "text") {
    add_part(message, block["text"].text());
  } else if (type == "tool_use") {
    const Json& input = block["input"].value();
    message.calls.push_back({.id = block["id"].text(),
                             .name = block["name"].text(),
                             .arguments = input.is_object() ? input : Json()});
  } else if (type == "tool_result") {
    message.results.push_back({.call_id = block["tool_use_id"].text(),
                               .text = text_of(block["content"]),
                               .is_error = block["is_error"].truth()});
  }
}

ChatMessage read_message(const Place& place) {
  ChatMessage message;
  const std::string role = place["role"].text();
  if (role == "system")
    message.role = Role::System;
  else if (role == "assistant")
    message.role = Role::Assistant;
  else if (role != "user")
    place["role"].refuse("user, assistant or system");
  const Place content = place["content"];
  if (content.is_string())
    add_part(message, content.text());
  else if (content.is_array())
    for (const Place& block : content.items()) read_block(block, message);
  else
    content.refuse("text or a list of blocks");
  return message;
}

void read_system(const Place& system, ModelRequest& request) {
  ChatMessage message{.role = Role::System};
  if (system.is_string()) {
    add_part(message, system.text());
  } else {
    for (const Place& block : system.items())
      if (block["type"].text() == "text") add_part(message, block["text"].text());
  }
  if (!message.parts.empty()) request.messages.push_back(std::move(message));
}

void read_request(const Json& body, ModelRequest& request) {
  const Place root(body, "");
  request.model = root["model"].text();
  request.stream = root["stream"].truth();
  read_system(root["system"], request);
  const Place messages = root["messages"];
  if (!messages.is_array()) messages.refuse("a list");
  for (const Place& message : messages.items()) request.messages.push_back(read_message(message));
  for (const Place& tool : root["tools"].items()) {
    OfferedTool offered{.name = tool["name"].text(), .parameters = tool["input_schema"].value()};
    offered.description = tool["description"].text_or_empty();
    const std::string type = tool["type"].text_or_empty();
    if (!type.empty() && type != "custom") offered.type = type;
    request.tools.push_back(std::move(offered));
  }
  for (const char* place : {"output_config", "output_format"}) {
    const Place config = root[place];
    if (!config.is_object()) continue;
    const Place format = std::string_view(place) == "output_config" ? config["format"] : config;
    if (format.is_object() && format["schema"].is_object())
      request.response_schema = format["schema"].value();
  }
}

Json usage_json(const TokenUse& usage) {
  return {{"input_tokens", usage.input},
          {"cache_creation_input_tokens", 0},
          {"cache_read_input_tokens", 0},
          {"output_tokens", usage.output}};
}

Json message_of(const ModelRequest& request, const ModelReply& reply, std::uint64_t serial) {
  Json content = Json::array();
  if (!reply.text.empty()) content.push_back({{"type", "text"}, {"text", reply.text}});
  for (std::size_t i = 0; i < reply.calls.size(); ++i)
    content.push_back({{"type", "tool_use"},
                       {"id", call_id(reply.calls[i], "toolu", serial, i)},
                       {"name", reply.calls[i].name},
                       {"input", arguments_of(reply.calls[i])}});
  return {{"id", fmt::format("msg_{:08}", serial)},
          {"type", "message"},
          {"role", "assistant"},
          {"model", request.model},
          {"content", std::move(content)},
          {"stop_reason", reply.calls.empty() ? "end_turn" : "tool_use"},
          {"stop_sequence", nullptr},
          {"usage", usage_json(usage_of(request, reply))}};
}

std::string block_events(const Json& block, std::size_t index) {
  const bool text = block["type"] == "text";
  Json start = block;
  Json delta;
  if (text) {
    start["text"] = "";
    delta = {{"type", "text_delta"}, {"text", block["text"]}};
  } else {
    start["input"] = Json::object();
    delta = {{"type", "input_json_delta"}, {"partial_json", dump(block["input"])}};
  }
  return event("content_block_start", {{"type", "content_block_start"},
                                       {"index", index},
                                       {"content_block", std::move(start)}}) +
         event("content_block_delta",
               {{"type", "content_block_delta"}, {"index", index}, {"delta", std::move(delta)}}) +
         event("content_block_stop", {{"type", "content_block_stop"}, {"index", index}});
}

std::string events_of(const ModelRequest& request, const ModelReply& reply, std::uint64_t serial) {
  const Json whole = message_of(request, reply, serial);
  Json start = whole;
  start["content"] = Json::array();
  start["stop_reason"] = nullptr;
  start["usage"]["output_tokens"] = 1;
  std::string text =
      event("message_start", {{"type", "message_start"}, {"message", std::move(start)}});
  for (std::size_t i = 0; i < whole["content"].size(); ++i)
    text += block_events(whole["content"][i], i);
  const Json delta = {{"stop_reason", whole["stop_reason"]}, {"stop_sequence", nullptr}};
  text += event("message_delta",
                {{"type", "message_delta"}, {"delta", delta}, {"usage", whole["usage"]}});
  return text + event("message_stop", {{"type", "message_stop"}});
}

Json token_count(std::uint64_t tokens) { return {{"input_tokens", tokens}}; }

Json error_of(const ModelReply& reply) {
  const std::string type =
      reply.error_type.empty() ? std::string(error_type(reply.status)) : reply.error_type;
  return {{"type", "error"}, {"error", {{"type", type}, {"message", reply.error_message}}}};
}

bool read_error(const Json& body, ModelReply& reply) {
  const Place root(body, "");
  if (!root.is_object() || !root["error"].is_object()) return false;
  reply.error_type = root["error"]["type"].text_or_empty();
  reply.error_message = root["error"]["message"].text_or_empty();
  return true;
}

/// message_start has the input's tokens, message_delta the sums so far of what it names.
void read_usage(const Place& usage, ModelReply& reply) {
  if (!usage.is_object()) return;
  TokenUse& use = reply.usage ? *reply.usage : reply.usage.emplace();
  const std::uint64_t input = usage["input_tokens"].count() +
                              usage["cache_creation_input_tokens"].count() +
                              usage["cache_read_input_tokens"].count();
  if (input > 0) use.input = input;
  if (const std::uint64_t output = usage["output_tokens"].count(); output > 0) use.output = output;
}

void read_message_into(const Place& root, ModelReply& reply) {
  if (root["type"].text_or_empty() == "error") {
    (void)read_error(root.value(), reply);
    reply.status = error_status(reply.error_type);
    return;
  }
  ChatMessage message;
  const Place content = root["content"];
  if (!content.is_array()) content.refuse("a list of blocks");
  for (const Place& block : content.items()) read_block(block, message);
  reply.text = std::move(message.text);
  reply.calls = std::move(message.calls);
  reply.stop_reason = root["stop_reason"].text_or_empty();
  read_usage(root["usage"], reply);
}

void read_body(const Json& body, ModelReply& reply) { read_message_into(Place(body, ""), reply); }

struct OpenBlock {
  std::string type;
  ToolCall call;
  std::string text;          ///< of a text block
  std::string partial_json;  ///< of a call's input
};

void read_delta(const Place& delta, OpenBlock& block) {
  const std::string type = delta["type"].text();
  if (type == "text_delta") block.text += delta["text"].text();
  if (type == "input_json_delta") block.partial_json += delta["partial_json"].text();
}

OpenBlock opened(const Place& content) {
  OpenBlock block{.type = content["type"].text()};
  if (block.type == "text") block.text = content["text"].text_or_empty();
  if (block.type != "tool_use") return block;
  block.call.id = content["id"].text();
  block.call.name = content["name"].text();
  block.call.arguments = content["input"].value();
  return block;
}

void close_blocks(std::map<std::uint64_t, OpenBlock>& blocks, ModelReply& reply) {
  ChatMessage message;
  for (auto& [index, block] : blocks) {
    if (block.type == "text") add_part(message, std::move(block.text));
    if (block.type != "tool_use") continue;
    if (!block.partial_json.empty()) block.call.arguments = arguments_from(block.partial_json);
    if (!block.call.arguments.is_object()) block.call.arguments = Json();
    reply.calls.push_back(std::move(block.call));
  }
  reply.text = std::move(message.text);
}

void read_events(const std::vector<Event>& events, ModelReply& reply) {
  std::map<std::uint64_t, OpenBlock> blocks;
  bool stopped = false;
  for (const Event& item : events) {
    const Json data = parse_json(item.data, "an event of the reply");
    const Place root(data, "");
    const std::string type = root["type"].text();
    if (type == "message_start") read_usage(root["message"]["usage"], reply);
    if (type == "content_block_start")
      blocks[root["index"].count()] = opened(root["content_block"]);
    if (type == "content_block_delta") read_delta(root["delta"], blocks[root["index"].count()]);
    if (type == "message_delta") {
      reply.stop_reason = root["delta"]["stop_reason"].text_or_empty();
      read_usage(root["usage"], reply);
    }
    if (type == "error") return read_message_into(root, reply);
    stopped = stopped || type == "message_stop";
  }
  if (!stopped) refuse_broken_stream("message_stop");
  close_blocks(blocks, reply);
}

}  // namespace

const Format kAnthropicMessages = {
    "anthropic-messages", read_request, message_of, events_of, token_count, error_of, read_body,
    read_events,          read_error};

}  // namespace skillaudit::wire
