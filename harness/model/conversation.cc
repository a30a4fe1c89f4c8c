#include "harness/model/conversation.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/model/wire.h"

namespace skillaudit {
namespace {

using wire::Format;
using wire::Json;

constexpr auto kApis =
    std::to_array<ModelApi>({ModelApi::AnthropicMessages, ModelApi::OpenAiResponses,
                             ModelApi::OpenAiChat, ModelApi::Gemini});

const Format& format_of(ModelApi api) {
  switch (api) {
    case ModelApi::AnthropicMessages:
      return wire::kAnthropicMessages;
    case ModelApi::OpenAiResponses:
      return wire::kOpenAiResponses;
    case ModelApi::OpenAiChat:
      return wire::kOpenAiChat;
    case ModelApi::Gemini:
      break;
  }
  return wire::kGemini;
}

/// "/v1beta/models/gemini-2.5-pro:streamGenerateContent"; the model may have slashes.
std::optional<ModelEndpoint> gemini_endpoint(std::string_view path, std::string_view query) {
  ModelEndpoint endpoint{.api = ModelApi::Gemini};
  const std::size_t models = path.find("/models/");
  if (models == std::string_view::npos || !path.starts_with("/v1")) return std::nullopt;
  if (path.substr(1, models - 1).find('/') != std::string_view::npos) return std::nullopt;
  const std::string_view rest = path.substr(models + 8);
  const std::size_t colon = rest.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  endpoint.model = rest.substr(0, colon);
  const std::string_view method = rest.substr(colon + 1);
  endpoint.stream = method == "streamGenerateContent";
  endpoint.counts_tokens = method == "countTokens";
  if (!endpoint.stream && !endpoint.counts_tokens && method != "generateContent")
    return std::nullopt;
  const auto parameters = split(query, '&');
  endpoint.array_stream = endpoint.stream && std::find(parameters.begin(), parameters.end(),
                                                       "alt=sse") == parameters.end();
  return endpoint;
}

/// nlohmann throws where a value has another type than the code believed. Place checks types, so
/// nothing should; what comes from a guest must not end the program where something does.
template <typename Read>
void reading(std::string_view what, const Read& read) {
  try {
    read();
  } catch (const Json::exception& error) {
    fail(ErrorKind::Evidence, "{} does not match the API's format: {}", what,
         printable(error.what()));
  }
}

}  // namespace

std::string_view name_of(ModelApi api) { return format_of(api).name; }

std::optional<ModelApi> model_api_named(std::string_view name) {
  for (const ModelApi api : kApis)
    if (name_of(api) == name) return api;
  return std::nullopt;
}

std::string_view name_of(Role role) {
  return role == Role::System ? "system" : role == Role::User ? "user" : "assistant";
}

std::optional<ModelEndpoint> model_endpoint(std::string_view method,
                                            std::string_view path_and_query) {
  if (method != "POST") return std::nullopt;
  const std::size_t mark = std::min(path_and_query.find('?'), path_and_query.size());
  const std::string_view path = path_and_query.substr(0, mark);
  const std::string_view query = path_and_query.substr(std::min(mark + 1, path_and_query.size()));
  if (path == "/v1/messages") return ModelEndpoint{.api = ModelApi::AnthropicMessages};
  if (path == "/v1/messages/count_tokens")
    return ModelEndpoint{.api = ModelApi::AnthropicMessages, .counts_tokens = true};
  if (path == "/v1/responses") return ModelEndpoint{.api = ModelApi::OpenAiResponses};
  if (path == "/v1/responses/input_tokens")
    return ModelEndpoint{.api = ModelApi::OpenAiResponses, .counts_tokens = true};
  if (path == "/v1/chat/completions") return ModelEndpoint{.api = ModelApi::OpenAiChat};
  return gemini_endpoint(path, query);
}

ModelRequest parse_request(const ModelEndpoint& endpoint, std::string_view body) {
  const Json json = wire::parse_json(body, "the request");
  ModelRequest request{.api = endpoint.api,
                       .model = endpoint.model,
                       .stream = endpoint.stream,
                       .array_stream = endpoint.array_stream,
                       .counts_tokens = endpoint.counts_tokens};
  reading("the request", [&] { format_of(endpoint.api).read_request(json, request); });
  return request;
}

RenderedReply render_reply(const ModelRequest& request, const ModelReply& reply,
                           std::uint64_t serial) {
  const Format& format = format_of(request.api);
  RenderedReply rendered{.status = reply.status, .content_type = "application/json"};
  if (reply.retry_after_s)
    rendered.headers.emplace_back("retry-after", std::to_string(*reply.retry_after_s));
  if (reply.raw) {
    rendered.body = *reply.raw;
  } else if (reply.status != 200) {
    rendered.body = wire::dump(format.error(reply));
  } else if (request.counts_tokens) {
    rendered.body = wire::dump(format.token_count(wire::usage_of(request, reply).input));
  } else if (request.array_stream) {
    rendered.body = wire::dump(Json::array({format.body(request, reply, serial)}));
  } else if (request.stream) {
    rendered.content_type = "text/event-stream";
    rendered.body = format.events(request, reply, serial);
  } else {
    rendered.body = wire::dump(format.body(request, reply, serial));
  }
  return rendered;
}

ModelReply parse_reply(ModelApi api, int status, std::string_view body) {
  const Format& format = format_of(api);
  ModelReply reply;
  reply.status = status;
  if (status != 200) {
    const Json json = wire::try_json(body);
    bool known = false;
    reading("the error", [&] { known = !json.is_discarded() && format.read_error(json, reply); });
    if (!known) reply.raw = body;
    return reply;
  }
  const std::string_view text = trim(body);
  const bool json = text.starts_with('{') || text.starts_with('[');
  reading("the reply", [&] {
    if (json) return format.read_body(wire::parse_json(text, "the reply"), reply);
    const std::vector<wire::Event> events = wire::parse_events(body);
    if (events.empty())
      fail(ErrorKind::Evidence,
           "the reply is neither JSON nor server-sent events: it starts with \"{}\"",
           shorten(printable(body.substr(0, 80)), 80));
    format.read_events(events, reply);
  });
  return reply;
}

std::uint64_t estimated_tokens(const ModelRequest& request) {
  std::uint64_t bytes = 0;
  for (const ChatMessage& message : request.messages) {
    bytes += message.text.size();
    for (const ToolCall& call : message.calls)
      bytes += call.name.size() + wire::dump(call.arguments).size();
    for (const ToolResult& result : message.results) bytes += result.text.size();
  }
  for (const OfferedTool& tool : request.tools)
    bytes += tool.name.size() + wire::dump(tool.parameters).size();
  return bytes / 4 + 1;
}

namespace wire {

TokenUse usage_of(const ModelRequest& request, const ModelReply& reply) {
  if (reply.usage) return *reply.usage;
  std::uint64_t bytes = reply.text.size();
  for (const ToolCall& call : reply.calls) bytes += call.name.size() + dump(call.arguments).size();
  return {.input = estimated_tokens(request), .output = bytes / 4 + 1};
}

std::string call_id(const ToolCall& call, std::string_view prefix, std::uint64_t serial,
                    std::size_t index) {
  return call.id.empty() ? fmt::format("{}_{:08}_{}", prefix, serial, index) : call.id;
}

Json arguments_of(const ToolCall& call) {
  return call.arguments.is_object() ? call.arguments : Json::object();
}

void refuse_broken_stream(std::string_view missing) {
  fail(ErrorKind::Evidence, "the stream is incomplete: it has no {}", missing);
}

}  // namespace wire
}  // namespace skillaudit
