// https://ai.google.dev/api/generate-content and function-calling.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <vector>

#include "harness/base/error.h"
#include "harness/model/wire.h"

namespace skillaudit::wire {
namespace {

// https://ai.google.dev/gemini-api/docs/troubleshooting, google.rpc.Code
constexpr auto kErrors =
    std::to_array<std::pair<int, std::string_view>>({{400, "INVALID_ARGUMENT"},
                                                     {401, "UNAUTHENTICATED"},
                                                     {403, "PERMISSION_DENIED"},
                                                     {404, "NOT_FOUND"},
                                                     {429, "RESOURCE_EXHAUSTED"},
                                                     {500, "INTERNAL"},
                                                     {503, "UNAVAILABLE"},
                                                     {504, "DEADLINE_EXCEEDED"}});

std::string error_type(int status) {
  for (const auto& [code, type] : kErrors)
    if (code == status) return std::string(type);
  return status < 500 ? "FAILED_PRECONDITION" : "INTERNAL";
}

/// Both spellings of a field: the API reads either.
Place either(const Place& place, const char* camel, const char* snake) {
  const Place found = place[camel];
  return found.is_null() ? place[snake] : found;
}

/// Calls and results need no ids: then a result belongs to the first call of its name that has
/// none.
class CallIds {
 public:
  std::string of_call(const Place& call) {
    const Place id = call["id"];
    open_.push_back(
        {id.is_null() ? fmt::format("call_{}", ++count_) : id.text(), call["name"].text()});
    return open_.back().id;
  }

  std::string of_result(const Place& result) {
    const std::string id = result["id"].text_or_empty();
    const std::string name = result["name"].text_or_empty();
    const auto by_id =
        std::find_if(open_.begin(), open_.end(), [&](const Open& open) { return open.id == id; });
    const auto found = by_id != open_.end()
                           ? by_id
                           : std::find_if(open_.begin(), open_.end(),
                                          [&](const Open& open) { return open.name == name; });
    if (found == open_.end()) return id;
    std::string call = found->id;
    open_.erase(found);
    return call;
  }

 private:
  struct Open {
    std::string id, name;
  };
  std::vector<Open> open_;
  std::size_t count_ = 0;
};

ToolResult read_result(const Place& place, CallIds& ids) {
  ToolResult result{.call_id = ids.of_result(place)};
  const Place response = place["response"];
  if (!response.is_object()) response.refuse("an object");
  for (const char* key : {"output", "result", "error"}) {
    const Place value = response[key];
    if (value.is_null()) continue;
    result.text = value.is_string() ? value.text() : dump(value.value());
    result.is_error = std::string_view(key) == "error";
    return result;
  }
  result.text = dump(response.value());
  return result;
}

void read_part(const Place& part, ChatMessage& message, CallIds& ids) {
  if (!part["text"].is_null()) {
    if (!part["thought"].truth()) add_part(message, part["text"].text());
  } else if (const Place call = either(part, "functionCall", "function_call"); !call.is_null()) {
    const Json& arguments = call["args"].value();
    message.calls.push_back({.id = ids.of_call(call),
                             .name = call["name"].text(),
                             .arguments = arguments.is_null()     ? Json::object()
                                          : arguments.is_object() ? arguments
                                                                  : Json()});
  } else if (const Place result = either(part, "functionResponse", "function_response");
             !result.is_null()) {
    message.results.push_back(read_result(result, ids));
  }
}

void read_schema(const Place& config, ModelRequest& request) {
  if (!config.is_object()) return;
  for (const char* key : {"responseJsonSchema", "response_json_schema", "responseSchema",
                          "response_schema", "_responseJsonSchema"})
    if (config[key].is_object()) request.response_schema = config[key].value();
}

void read_request(const Json& body, ModelRequest& request) {
  Place root(body, "");
  // countTokens wraps a whole request where more than the contents is to be counted.
  if (const Place inner = either(root, "generateContentRequest", "generate_content_request");
      inner.is_object())
    root = inner;
  if (const Place system = either(root, "systemInstruction", "system_instruction");
      !system.is_null()) {
    ChatMessage message{.role = Role::System};
    if (system.is_string())
      add_part(message, system.text());
    else
      for (const Place& part : system["parts"].items())
        add_part(message, part["text"].text_or_empty());
    request.messages.push_back(std::move(message));
  }
  const Place contents = root["contents"];
  if (!contents.is_array()) contents.refuse("a list");
  CallIds ids;
  for (const Place& content : contents.items()) {
    const std::string role = content["role"].text_or_empty();
    ChatMessage message{.role = role == "model" ? Role::Assistant : Role::User};
    for (const Place& part : content["parts"].items()) read_part(part, message, ids);
    request.messages.push_back(std::move(message));
  }
  for (const Place& tool : root["tools"].items())
    for (const Place& declared :
         either(tool, "functionDeclarations", "function_declarations").items()) {
      const Place schema = either(declared, "parametersJsonSchema", "parameters_json_schema");
      request.tools.push_back(
          {.name = declared["name"].text(),
           .parameters = schema.is_null() ? declared["parameters"].value() : schema.value(),
           .description = declared["description"].text_or_empty()});
    }
  read_schema(either(root, "generationConfig", "generation_config"), request);
}

Json response_of(const ModelRequest& request, const ModelReply& reply, std::uint64_t serial) {
  Json parts = Json::array();
  if (!reply.text.empty() || reply.calls.empty()) parts.push_back({{"text", reply.text}});
  for (std::size_t i = 0; i < reply.calls.size(); ++i)
    parts.push_back({{"functionCall",
                      {{"id", call_id(reply.calls[i], "call", serial, i)},
                       {"name", reply.calls[i].name},
                       {"args", arguments_of(reply.calls[i])}}}});
  const TokenUse usage = usage_of(request, reply);
  return {
      {"candidates", Json::array({{{"content", {{"role", "model"}, {"parts", std::move(parts)}}},
                                   {"finishReason", "STOP"},
                                   {"index", 0}}})},
      {"usageMetadata",
       {{"promptTokenCount", usage.input},
        {"candidatesTokenCount", usage.output},
        {"totalTokenCount", usage.input + usage.output}}},
      {"modelVersion", request.model},
      {"responseId", fmt::format("response-{:08}", serial)}};
}

std::string events_of(const ModelRequest& request, const ModelReply& reply, std::uint64_t serial) {
  return event("", response_of(request, reply, serial));
}

Json token_count(std::uint64_t tokens) { return {{"totalTokens", tokens}}; }

Json error_of(const ModelReply& reply) {
  Json error = {{"code", reply.status},
                {"message", reply.error_message},
                {"status", reply.error_type.empty() ? error_type(reply.status) : reply.error_type}};
  if (reply.retry_after_s)
    error["details"] = Json::array({{{"@type", "type.googleapis.com/google.rpc.RetryInfo"},
                                     {"retryDelay", fmt::format("{}s", *reply.retry_after_s)}}});
  return {{"error", std::move(error)}};
}

bool read_error(const Json& body, ModelReply& reply) {
  // A stream without alt=sse is a list, and then so is its error.
  const Json& one = body.is_array() && body.size() == 1 ? body[0] : body;
  if (!one.is_object()) return false;
  const Place error = Place(one, "")["error"];
  if (!error.is_object()) return false;
  reply.error_type = error["status"].text_or_empty();
  reply.error_message = error["message"].text_or_empty();
  if (const std::uint64_t code = error["code"].count();
      reply.status == 200 && code >= 400 && code < 600)
    reply.status = static_cast<int>(code);
  else if (reply.status == 200)
    reply.status = 500;
  return true;
}

/// A whole response, or a chunk of a stream: each has the parts that are new.
void read_chunk(const Json& body, ModelReply& reply) {
  if (read_error(body, reply)) return;
  const Place root(body, "");
  if (const Place feedback = root["promptFeedback"]; feedback.is_object())
    if (const std::string why = feedback["blockReason"].text_or_empty(); !why.empty())
      reply.stop_reason = why;
  for (const Place& candidate : root["candidates"].items()) {
    if (candidate["index"].count() != 0) continue;
    if (const Place content = candidate["content"]; content.is_object())
      for (const Place& part : content["parts"].items()) {
        ChatMessage message;
        CallIds ids;
        read_part(part, message, ids);
        reply.text += message.text;
        for (ToolCall& call : message.calls) {
          const Place sent = either(part, "functionCall", "function_call");
          if (sent["id"].is_null()) call.id.clear();
          reply.calls.push_back(std::move(call));
        }
      }
    const std::string why = candidate["finishReason"].text_or_empty();
    if (!why.empty()) reply.stop_reason = why;
  }
  if (const Place usage = root["usageMetadata"]; usage.is_object())
    reply.usage = {
        .input = usage["promptTokenCount"].count(),
        .output = usage["candidatesTokenCount"].count() + usage["thoughtsTokenCount"].count()};
}

void finish(const ModelReply& reply) {
  if (reply.status == 200 && reply.stop_reason.empty()) refuse_broken_stream("finishReason");
}

void read_body(const Json& body, ModelReply& reply) {
  if (!body.is_array()) {
    read_chunk(body, reply);
  } else {
    for (const Json& chunk : body) read_chunk(chunk, reply);
  }
  finish(reply);
}

void read_events(const std::vector<Event>& events, ModelReply& reply) {
  for (const Event& item : events)
    read_chunk(parse_json(item.data, "an event of the reply"), reply);
  finish(reply);
}

}  // namespace

const Format kGemini = {"gemini", read_request, response_of, events_of, token_count,
                        error_of, read_body,    read_events, read_error};

}  // namespace skillaudit::wire
