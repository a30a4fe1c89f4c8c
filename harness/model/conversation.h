#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace skillaudit {

/// The wire formats that agents speak to a model's host.
enum class ModelApi { AnthropicMessages, OpenAiResponses, OpenAiChat, Gemini };

/// "anthropic-messages", "openai-responses", "openai-chat", "gemini".
[[nodiscard]] std::string_view name_of(ModelApi api);
[[nodiscard]] std::optional<ModelApi> model_api_named(std::string_view name);

struct ToolCall {
  std::string id;            ///< Gemini may send none: then "call_N", counted in the conversation
  std::string name;          ///< as the agent offered it: "Bash", "exec_command"
  nlohmann::json arguments;  ///< an object; null where what was sent is none
  bool operator==(const ToolCall&) const = default;
};

struct ToolResult {
  std::string call_id;
  std::string text;
  bool is_error = false;  ///< where the format tells: Anthropic and Gemini
  bool operator==(const ToolResult&) const = default;
};

enum class Role { System, User, Assistant };
[[nodiscard]] std::string_view name_of(Role role);  ///< "system", "user", "assistant"

struct ChatMessage {
  Role role = Role::User;
  std::string text;                ///< `parts`, joined by a line break
  std::vector<std::string> parts;  ///< its texts: agents put what they add beside what a user typed
  std::vector<ToolCall> calls;     ///< of an assistant
  std::vector<ToolResult> results;  ///< of what came back
  bool operator==(const ChatMessage&) const = default;
};

struct OfferedTool {
  std::string name;           ///< one in a namespace (Responses): "NAMESPACE.NAME"
  nlohmann::json parameters;  ///< JSON schema; null where none was sent
  /// "function", or the type of what is none: "custom" (free text, the argument `input`),
  /// "local_shell", "web_search".
  std::string type = "function";
  std::string description;
};

struct ModelRequest {
  ModelApi api = ModelApi::AnthropicMessages;
  std::string model;
  bool stream = false;
  bool array_stream = false;          ///< Gemini without `alt=sse`: the stream is a JSON array
  bool stream_usage = false;          ///< Chat: `stream_options.include_usage`
  bool counts_tokens = false;         ///< count_tokens, countTokens: no turn of the conversation
  std::vector<ChatMessage> messages;  ///< the system prompt first
  std::vector<OfferedTool> tools;
  /// The JSON schema that the answer must fit; null: none is asked for.
  nlohmann::json response_schema;
};

struct TokenUse {
  std::uint64_t input = 0;  ///< cached ones included
  std::uint64_t output = 0;
  bool operator==(const TokenUse&) const = default;
};

struct ModelReply {
  std::string text;
  std::vector<ToolCall> calls;    ///< ids that are empty are made when rendered
  std::optional<TokenUse> usage;  ///< none: estimated from the lengths when rendered
  /// As the format names it when parsed; when rendering it follows from `calls`.
  std::string stop_reason;
  /// Other than 200: an error in the API's own shape.
  int status = 200;
  std::string error_type;  ///< "overloaded_error"; empty: the API's usual one for the status
  std::string error_message;
  std::optional<int> retry_after_s;
  /// The body as it is, instead of all of the above but `status`, as application/json.
  std::optional<std::string> raw;
};

/// What a request line asks of a model.
struct ModelEndpoint {
  ModelApi api = ModelApi::AnthropicMessages;
  std::string model;          ///< where the path names it (Gemini)
  bool stream = false;        ///< where the path says it (Gemini)
  bool array_stream = false;  ///< a stream without `alt=sse` (Gemini)
  bool counts_tokens = false;
};

/// None when the request line asks something else. The path is that on the real host:
/// "/v1/messages?beta=true".
[[nodiscard]] std::optional<ModelEndpoint> model_endpoint(std::string_view method,
                                                          std::string_view path_and_query);

/// Larger bodies and deeper nesting are refused.
inline constexpr std::size_t kMostModelBytes = 64U << 20;
inline constexpr int kDeepestModelJson = 128;

/// Throws Error{Evidence} that says what is wrong with the body: it comes from the guest. Fields
/// that are not known are passed over, since the formats grow; those that are have their type.
[[nodiscard]] ModelRequest parse_request(const ModelEndpoint& endpoint, std::string_view body);

struct RenderedReply {
  int status = 200;
  std::string content_type;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;  ///< besides the content type
};

/// JSON, or server-sent events where the request wants a stream; for one that counts tokens their
/// number. `serial` numbers the reply in its conversation: ids are made of it, so that the same
/// answers give the same bytes.
[[nodiscard]] RenderedReply render_reply(const ModelRequest& request, const ModelReply& reply,
                                         std::uint64_t serial);

/// What a model's host answered, from JSON or server-sent events. An error that it sends within a
/// stream gets the status that it would have had. A body with an error's status that is not in the
/// API's shape is kept as `raw`; else throws Error{Evidence} for what is neither JSON nor events,
/// and for a stream that breaks off.
[[nodiscard]] ModelReply parse_reply(ModelApi api, int status, std::string_view body);

/// About four bytes are a token. The prompts, the tools and what came back.
[[nodiscard]] std::uint64_t estimated_tokens(const ModelRequest& request);

}  // namespace skillaudit
