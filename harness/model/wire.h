#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/conversation.h"
#include "harness/model/wire_json.h"

namespace skillaudit::wire {

/// What the formats differ in: conversation.cc does the rest for all of them.
struct Format {
  std::string_view name;
  /// Fills in all but `api` and what the path says.
  void (*read_request)(const Json& body, ModelRequest& request);
  Json (*body)(const ModelRequest&, const ModelReply&, std::uint64_t serial);
  std::string (*events)(const ModelRequest&, const ModelReply&, std::uint64_t serial);
  Json (*token_count)(std::uint64_t tokens);
  Json (*error)(const ModelReply&);
  void (*read_body)(const Json& body, ModelReply& reply);
  void (*read_events)(const std::vector<Event>& events, ModelReply& reply);
  /// Whether the body is an error in the format's shape, which it then reads.
  bool (*read_error)(const Json& body, ModelReply& reply);
};

extern const Format kAnthropicMessages;
extern const Format kOpenAiResponses;
extern const Format kOpenAiChat;
extern const Format kGemini;

/// `reply.usage`, or an estimate.
[[nodiscard]] TokenUse usage_of(const ModelRequest& request, const ModelReply& reply);

/// The call's own id, or one that no other call of the conversation has: "toolu_00000003_0".
[[nodiscard]] std::string call_id(const ToolCall& call, std::string_view prefix,
                                  std::uint64_t serial, std::size_t index);

/// The arguments as an object: what is none is sent as {}.
[[nodiscard]] Json arguments_of(const ToolCall& call);

/// Both of OpenAI's formats have it: {"error": {…}}.
[[nodiscard]] Json openai_error(const ModelReply& reply);
[[nodiscard]] bool read_openai_error(const Json& body, ModelReply& reply);

/// Fails with "the stream breaks off: it has no …".
[[noreturn]] void refuse_broken_stream(std::string_view missing);

}  // namespace skillaudit::wire
