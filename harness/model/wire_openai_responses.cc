// https://platform.openai.com/docs/api-reference/responses and responses-streaming.
#include "harness/base/error.h"

#include <fmt/core.h>

#include "harness/model/wire.h"

namespace skillaudit::wire {
namespace {

/// Text, or a list of parts of which those of text count.
void read_parts(const Place& content, ChatMessage& message) {
  if (content.is_string()) return add_part(message, content.text());
  for (const Place& part : content.items()) {
    const std::string type = part["type"].text();
    if (type == "input_text" || type == "output_text" || type == "text")
      add_part(message, part["text"].text());
  }
}

std::string output_text(const Place& output) {
  ChatMessage joined;
  if (output.is_object()) return dump(output.value());
  read_parts(output, joined);
  return joined.text;
}

Role role_of(const Place& role) {
  const std::string name = role.text();
  if (name == "user") return Role::User;
  if (name == "assistant") return Role::Assistant;
  if (name == "developer" || name == "system") return Role::System;
  role.refuse("user, assistant, developer or system");
}

std::optional<ToolCall> read_call(const Place& item) {
  const std::string type = item["type"].text_or_empty();
  ToolCall call;
  if (type == "function_call") {
    const std::string space = item["namespace"].text_or_empty();
    call.name = (space.empty() ? "" : space + ".") + item["name"].text();
    call.arguments = arguments_from(item["arguments"].text());
  } else if (type == "custom_tool_call") {
    call.name = item["name"].text();
    call.arguments = {{"input", item["input"].text()}};
  } else if (type == "local_shell_call") {
    call.name = "local_shell";
    call.arguments = item["action"].value();
    if (!call.arguments.is_object()) item["action"].refuse("an object");
    call.arguments.erase("type");
  } else {
    return std::nullopt;
  }
  const Place id = item["call_id"];
  call.id = id.is_null() ? item["id"].text() : id.text();
  return call;
}

/// One turn of the model is several items, and so is what comes back of its calls.
ChatMessage& last_of(ModelRequest& request, Role role, bool results) {
  const bool same = !request.messages.empty() && request.messages.back().role == role &&
                    (role == Role::Assistant || request.messages.back().results.empty() != results);
  if (!same) request.messages.push_back({.role = role});
  return request.messages.back();
}

void read_item(const Place& item, ModelRequest& request) {
  const std::string type = item["type"].text_or_empty();
  if (type.empty() || type == "message") {
    const Role role = role_of(item["role"]);
    if (role != Role::Assistant) request.messages.push_back({.role = role});
    read_parts(item["content"],
               role == Role::Assistant ? last_of(request, role, false) : request.messages.back());
  } else if (std::optional<ToolCall> call = read_call(item)) {
    last_of(request, Role::Assistant, false).calls.push_back(std::move(*call));
  } else if (type.ends_with("_call_output")) {
    const Place id = item["call_id"];
    last_of(request, Role::User, true)
        .results.push_back({.call_id = id.is_null() ? item["id"].text() : id.text(),
                            .text = output_text(item["output"])});
  }
}

void read_tool(const Place& tool, const std::string& prefix, ModelRequest& request) {
  const std::string type = tool["type"].text();
  if (type == "namespace") {
    if (!prefix.empty()) tool["type"].refuse("no namespace within a namespace");
    for (const Place& inner : tool["tools"].items())
      read_tool(inner, tool["name"].text() + ".", request);
    return;
  }
  const Place name = tool["name"];
  request.tools.push_back({.name = prefix + (name.is_null() ? type : name.text()),
                           .parameters = tool["parameters"].value(),
                           .type = type,
                           .description = tool["description"].text_or_empty()});
}

void read_request(const Json& body, ModelRequest& request) {
  const Place root(body, "");
  request.model = root["model"].text();
  request.stream = root["stream"].truth();
  if (const std::string text = root["instructions"].text_or_empty(); !text.empty()) {
    ChatMessage message{.role = Role::System};
    add_part(message, text);
    request.messages.push_back(std::move(message));
  }
  const Place input = root["input"];
  if (input.is_string()) {
    ChatMessage message;
    add_part(message, input.text());
    request.messages.push_back(std::move(message));
  } else if (input.is_array()) {
    for (const Place& item : input.items()) read_item(item, request);
  } else {
    input.refuse("text or a list of items");
  }
  for (const Place& tool : root["tools"].items()) read_tool(tool, "", request);
  const Place text = root["text"];
  if (text.is_object() && text["format"].is_object() && text["format"]["schema"].is_object())
    request.response_schema = text["format"]["schema"].value();
}

std::string type_of_tool(const ModelRequest& request, const std::string& name) {
  for (const OfferedTool& tool : request.tools)
    if (tool.name == name) return tool.type;
  return "function";
}

Json call_item(const ModelRequest& request, const ToolCall& call, std::uint64_t serial,
               std::size_t index) {
  const std::string type = type_of_tool(request, call.name);
  Json item = {{"call_id", call_id(call, "call", serial, index)}, {"status", "completed"}};
  if (type == "local_shell") {
    item["type"] = "local_shell_call";
    item["id"] = fmt::format("lsh_{:08}_{}", serial, index);
    item["action"] = arguments_of(call);
    item["action"]["type"] = "exec";
    if (!item["action"].contains("env")) item["action"]["env"] = Json::object();
    return item;
  }
  if (type == "custom") {
    const auto input =
        call.arguments.is_object() ? call.arguments.find("input") : call.arguments.end();
    item["type"] = "custom_tool_call";
    item["id"] = fmt::format("ctc_{:08}_{}", serial, index);
    item["name"] = call.name;
    item["input"] = input != call.arguments.end() && input->is_string() ? *input : Json("");
    return item;
  }
  const std::size_t dot = call.name.find('.');
  item["type"] = "function_call";
  item["id"] = fmt::format("fc_{:08}_{}", serial, index);
  item["name"] = dot == std::string::npos ? call.name : call.name.substr(dot + 1);
  if (dot != std::string::npos) item["namespace"] = call.name.substr(0, dot);
  item["arguments"] = dump(arguments_of(call));
  return item;
}

Json text_part(const std::string& text) {
  return {{"type", "output_text"},
          {"text", text},
          {"annotations", Json::array()},
          {"logprobs", Json::array()}};
}

Json response_of(const ModelRequest& request, const ModelReply& reply, std::uint64_t serial) {
  Json output = Json::array();
  if (!reply.text.empty())
    output.push_back({{"type", "message"},
                      {"id", fmt::format("msg_{:08}", serial)},
                      {"role", "assistant"},
                      {"status", "completed"},
                      {"content", Json::array({text_part(reply.text)})}});
  for (std::size_t i = 0; i < reply.calls.size(); ++i)
    output.push_back(call_item(request, reply.calls[i], serial, i));
  const TokenUse usage = usage_of(request, reply);
  return {{"id", fmt::format("resp_{:08}", serial)},
          {"object", "response"},
          {"created_at", 0},
          {"status", "completed"},
          {"error", nullptr},
          {"incomplete_details", nullptr},
          {"model", request.model},
          {"output", std::move(output)},
          {"parallel_tool_calls", true},
          {"tool_choice", "auto"},
          {"tools", Json::array()},
          {"usage",
           {{"input_tokens", usage.input},
            {"input_tokens_details", {{"cached_tokens", 0}}},
            {"output_tokens", usage.output},
            {"output_tokens_details", {{"reasoning_tokens", 0}}},
            {"total_tokens", usage.input + usage.output}}}};
}

/// Numbers the events, as the API does.
class EventWriter {
 public:
  void add(const std::string& type, Json data) {
    data["type"] = type;
    data["sequence_number"] = number_++;
    text_ += event(type, data);
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::uint64_t number_ = 0;
  std::string text_;
};

void add_message(EventWriter& writer, const Json& item, std::size_t index) {
  const Json& part = item["content"][0];
  const Json at = {{"item_id", item["id"]}, {"output_index", index}, {"content_index", 0}};
  const auto with = [&](const char* key, const Json& value) {
    Json data = at;
    data[key] = value;
    return data;
  };
  writer.add("response.content_part.added", with("part", text_part("")));
  writer.add("response.output_text.delta", with("delta", part["text"]));
  writer.add("response.output_text.done", with("text", part["text"]));
  writer.add("response.content_part.done", with("part", part));
}

void add_item(EventWriter& writer, const Json& item, std::size_t index) {
  const std::string type = item["type"].get<std::string>();
  const bool function = type == "function_call";
  Json started = item;
  started["status"] = "in_progress";
  if (type == "message") started["content"] = Json::array();
  if (function) started["arguments"] = "";
  if (type == "custom_tool_call") started["input"] = "";
  writer.add("response.output_item.added", {{"output_index", index}, {"item", started}});
  const Json at = {{"item_id", item["id"]}, {"output_index", index}};
  if (type == "message") add_message(writer, item, index);
  if (function || type == "custom_tool_call") {
    const std::string name =
        function ? "response.function_call_arguments" : "response.custom_tool_call_input";
    const char* key = function ? "arguments" : "input";
    Json delta = at;
    delta["delta"] = item[key];
    writer.add(name + ".delta", delta);
    Json done = at;
    done[key] = item[key];
    writer.add(name + ".done", done);
  }
  writer.add("response.output_item.done", {{"output_index", index}, {"item", item}});
}

std::string events_of(const ModelRequest& request, const ModelReply& reply, std::uint64_t serial) {
  const Json whole = response_of(request, reply, serial);
  Json started = whole;
  started["status"] = "in_progress";
  started["output"] = Json::array();
  started["usage"] = nullptr;
  EventWriter writer;
  writer.add("response.created", {{"response", started}});
  writer.add("response.in_progress", {{"response", started}});
  for (std::size_t i = 0; i < whole["output"].size(); ++i) add_item(writer, whole["output"][i], i);
  writer.add("response.completed", {{"response", whole}});
  return writer.take();
}

Json token_count(std::uint64_t tokens) {
  return {{"object", "response.input_tokens"}, {"input_tokens", tokens}};
}

void read_failure(const Place& error, ModelReply& reply) {
  reply.status = 500;
  reply.error_type = "server_error";
  if (!error.is_object()) return;
  if (error["code"].is_string()) reply.error_type = error["code"].text();
  reply.error_message = error["message"].text_or_empty();
  if (reply.error_type == "rate_limit_exceeded") reply.status = 429;
  if (reply.error_type.starts_with("invalid_")) reply.status = 400;
}

void read_output(const Place& output, ModelReply& reply) {
  ChatMessage message;
  for (const Place& item : output.items()) {
    if (item["type"].text() == "message") read_parts(item["content"], message);
    if (std::optional<ToolCall> call = read_call(item)) reply.calls.push_back(std::move(*call));
  }
  reply.text = std::move(message.text);
}

/// All of the response but its output.
void read_state(const Place& response, ModelReply& reply) {
  reply.stop_reason = response["status"].text_or_empty();
  const Place details = response["incomplete_details"];
  if (details.is_object() && details["reason"].is_string())
    reply.stop_reason = details["reason"].text();
  if (const Place usage = response["usage"]; usage.is_object())
    reply.usage = {.input = usage["input_tokens"].count(),
                   .output = usage["output_tokens"].count()};
  if (reply.stop_reason == "failed") read_failure(response["error"], reply);
}

void read_body(const Json& body, ModelReply& reply) {
  const Place root(body, "");
  if (root["error"].is_object() && root["output"].is_null())
    return read_failure(root["error"], reply);
  const Place output = root["output"];
  if (!output.is_array()) output.refuse("a list of items");
  read_output(output, reply);
  read_state(root, reply);
}

void read_events(const std::vector<Event>& events, ModelReply& reply) {
  Json done = Json::array();
  for (const Event& item : events) {
    if (item.data == "[DONE]") continue;
    const Json data = parse_json(item.data, "an event of the reply");
    const Place root(data, "");
    const std::string type = root["type"].text();
    if (type == "error")
      return read_failure(root["error"].is_object() ? root["error"] : root, reply);
    if (type == "response.output_item.done") done.push_back(root["item"].value());
    if (type != "response.completed" && type != "response.incomplete" && type != "response.failed")
      continue;
    const Place response = root["response"];
    const bool whole = response["output"].is_array() && !response["output"].value().empty();
    read_output(whole ? response["output"] : Place(done, "output"), reply);
    read_state(response, reply);
    return;
  }
  refuse_broken_stream("response.completed");
}

}  // namespace

const Format kOpenAiResponses = {"openai-responses", read_request, response_of,
                                 events_of,          token_count,  openai_error,
                                 read_body,          read_events,  read_openai_error};

}  // namespace skillaudit::wire
