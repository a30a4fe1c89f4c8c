// https://platform.openai.com/docs/api-reference/chat and chat-streaming.
#include <fmt/core.h>

#include <map>

#include "harness/base/error.h"
#include "harness/model/wire.h"

namespace skillaudit::wire {
namespace {

void read_content(const Place& content, ChatMessage& message) {
  if (content.is_null()) return;
  if (content.is_string()) return add_part(message, content.text());
  for (const Place& part : content.items())
    if (part["type"].text() == "text") add_part(message, part["text"].text());
}

ToolCall read_call(const Place& place) {
  const Place function = place["function"];
  if (function.is_null())  // a custom tool's
    return {.id = place["id"].text(),
            .name = place["custom"]["name"].text(),
            .arguments = {{"input", place["custom"]["input"].text()}}};
  return {.id = place["id"].text(),
          .name = function["name"].text(),
          .arguments = arguments_from(function["arguments"].text())};
}

void read_message(const Place& place, ModelRequest& request) {
  const std::string role = place["role"].text();
  ChatMessage message;
  read_content(place["content"], message);
  if (role == "tool") {
    // One message for each result: together they are what came back.
    if (request.messages.empty() || request.messages.back().results.empty())
      request.messages.emplace_back();
    request.messages.back().results.push_back(
        {.call_id = place["tool_call_id"].text(), .text = std::move(message.text)});
    return;
  }
  if (role == "system" || role == "developer")
    message.role = Role::System;
  else if (role == "assistant")
    message.role = Role::Assistant;
  else if (role != "user")
    place["role"].refuse("user, assistant, system, developer or tool");
  for (const Place& call : place["tool_calls"].items()) message.calls.push_back(read_call(call));
  request.messages.push_back(std::move(message));
}

void read_request(const Json& body, ModelRequest& request) {
  const Place root(body, "");
  request.model = root["model"].text();
  request.stream = root["stream"].truth();
  if (const Place options = root["stream_options"]; options.is_object())
    request.stream_usage = options["include_usage"].truth();
  const Place messages = root["messages"];
  if (!messages.is_array()) messages.refuse("a list");
  for (const Place& message : messages.items()) read_message(message, request);
  for (const Place& tool : root["tools"].items()) {
    const std::string type = tool["type"].text();
    const Place inner = tool[type == "custom" ? "custom" : "function"];
    request.tools.push_back(
        {.name = inner["name"].text(), .parameters = inner["parameters"].value(), .type = type});
  }
  const Place format = root["response_format"];
  if (format.is_object() && format["json_schema"].is_object() &&
      format["json_schema"]["schema"].is_object())
    request.response_schema = format["json_schema"]["schema"].value();
}

Json calls_json(const ModelReply& reply, std::uint64_t serial) {
  Json calls = Json::array();
  for (std::size_t i = 0; i < reply.calls.size(); ++i)
    calls.push_back(
        {{"id", call_id(reply.calls[i], "call", serial, i)},
         {"type", "function"},
         {"function",
          {{"name", reply.calls[i].name}, {"arguments", dump(arguments_of(reply.calls[i]))}}}});
  return calls;
}

Json usage_json(const TokenUse& usage) {
  return {{"prompt_tokens", usage.input},
          {"completion_tokens", usage.output},
          {"total_tokens", usage.input + usage.output}};
}

const char* finish_reason(const ModelReply& reply) {
  return reply.calls.empty() ? "stop" : "tool_calls";
}

Json head_of(const ModelRequest& request, const char* object, std::uint64_t serial) {
  return {{"id", fmt::format("chatcmpl-{:08}", serial)},
          {"object", object},
          {"created", 0},
          {"model", request.model}};
}

Json completion_of(const ModelRequest& request, const ModelReply& reply, std::uint64_t serial) {
  Json message = {{"role", "assistant"}, {"content", nullptr}, {"refusal", nullptr}};
  if (!reply.text.empty() || reply.calls.empty()) message["content"] = reply.text;
  if (!reply.calls.empty()) message["tool_calls"] = calls_json(reply, serial);
  Json body = head_of(request, "chat.completion", serial);
  body["choices"] = Json::array({{{"index", 0},
                                  {"message", std::move(message)},
                                  {"logprobs", nullptr},
                                  {"finish_reason", finish_reason(reply)}}});
  body["usage"] = usage_json(usage_of(request, reply));
  return body;
}

std::string events_of(const ModelRequest& request, const ModelReply& reply, std::uint64_t serial) {
  std::string text;
  const auto chunk = [&](const Json& delta, const Json& finish) {
    Json data = head_of(request, "chat.completion.chunk", serial);
    data["choices"] = Json::array({{{"index", 0}, {"delta", delta}, {"finish_reason", finish}}});
    text += event("", data);
  };
  chunk({{"role", "assistant"}, {"content", ""}}, nullptr);
  if (!reply.text.empty()) chunk({{"content", reply.text}}, nullptr);
  const Json calls = calls_json(reply, serial);
  for (std::size_t i = 0; i < calls.size(); ++i) {
    Json call = calls[i];
    call["index"] = i;
    chunk({{"tool_calls", Json::array({call})}}, nullptr);
  }
  chunk(Json::object(), finish_reason(reply));
  if (request.stream_usage) {
    Json data = head_of(request, "chat.completion.chunk", serial);
    data["choices"] = Json::array();
    data["usage"] = usage_json(usage_of(request, reply));
    text += event("", data);
  }
  return text + "data: [DONE]\n\n";
}

Json token_count(std::uint64_t tokens) { return {{"input_tokens", tokens}}; }

void read_usage(const Place& usage, ModelReply& reply) {
  if (usage.is_object())
    reply.usage = {.input = usage["prompt_tokens"].count(),
                   .output = usage["completion_tokens"].count()};
}

/// An error that comes with status 200, in a stream or, from some gateways, as the body.
bool read_late_error(const Json& data, ModelReply& reply) {
  if (!read_openai_error(data, reply)) return false;
  reply.status = reply.error_type.starts_with("rate_limit") ? 429 : 500;
  return true;
}

void read_body(const Json& body, ModelReply& reply) {
  if (read_late_error(body, reply)) return;
  const Place root(body, "");
  const std::vector<Place> choices = root["choices"].items();
  if (choices.empty()) root["choices"].refuse("a list with a choice");
  const Place answer = choices[0]["message"];
  ChatMessage message;
  read_content(answer["content"], message);
  reply.text = std::move(message.text);
  for (const Place& call : answer["tool_calls"].items()) reply.calls.push_back(read_call(call));
  reply.stop_reason = choices[0]["finish_reason"].text_or_empty();
  read_usage(root["usage"], reply);
}

struct PartialCall {
  std::string id, name, arguments;
};

void read_choice(const Place& choice, ModelReply& reply,
                 std::map<std::uint64_t, PartialCall>& calls) {
  if (choice["index"].count() != 0) return;
  if (const Place delta = choice["delta"]; delta.is_object()) {
    reply.text += delta["content"].text_or_empty();
    for (const Place& call : delta["tool_calls"].items()) {
      PartialCall& partial = calls[call["index"].count()];
      partial.id += call["id"].text_or_empty();
      if (!call["function"].is_object()) continue;
      partial.name += call["function"]["name"].text_or_empty();
      partial.arguments += call["function"]["arguments"].text_or_empty();
    }
  }
  const std::string finish = choice["finish_reason"].text_or_empty();
  if (!finish.empty()) reply.stop_reason = finish;
}

void read_events(const std::vector<Event>& events, ModelReply& reply) {
  std::map<std::uint64_t, PartialCall> calls;
  for (const Event& item : events) {
    if (item.data == "[DONE]") break;
    const Json data = parse_json(item.data, "an event of the reply");
    if (read_late_error(data, reply)) return;
    const Place root(data, "");
    for (const Place& choice : root["choices"].items()) read_choice(choice, reply, calls);
    read_usage(root["usage"], reply);
  }
  if (reply.stop_reason.empty()) refuse_broken_stream("finish_reason");
  for (auto& [index, call] : calls)
    reply.calls.push_back({.id = std::move(call.id),
                           .name = std::move(call.name),
                           .arguments = arguments_from(call.arguments)});
}

}  // namespace

const Format kOpenAiChat = {"openai-chat", read_request, completion_of,
                            events_of,     token_count,  openai_error,
                            read_body,     read_events,  read_openai_error};

}  // namespace skillaudit::wire
