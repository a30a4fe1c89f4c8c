#pragma once

#include <string>
#include <vector>

#include "harness/base/file.h"
#include "harness/model/conversation.h"
#include "tests/paths.h"

namespace skillaudit {

inline constexpr ModelApi kApis[] = {ModelApi::AnthropicMessages, ModelApi::OpenAiResponses,
                                     ModelApi::OpenAiChat, ModelApi::Gemini};

/// Requests in the folder data.
inline const std::vector<std::string> kCaptured = {
    "claude-first",    "claude-result", "opencode-title", "opencode-first",
    "opencode-result", "codex-first",   "codex-result",   "gemini-first",
    "gemini-result",   "gemini-router", "chat-result"};

/// A request as an agent really sent it, its long texts cut.
inline std::string captured(const std::string& name) {
  return read_file(SKILLAUDIT_TEST_DATA "/" + name + ".json");
}

inline ModelEndpoint endpoint_of(const std::string& name) {
  const std::string agent = name.substr(0, name.find('-'));
  const char* path = agent == "codex"  ? "/v1/responses"
                     : agent == "chat" ? "/v1/chat/completions"
                     : agent == "gemini"
                         ? "/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse"
                         : "/v1/messages?beta=true";
  return model_endpoint("POST", path).value();
}

inline ModelRequest captured_request(const std::string& name) {
  return parse_request(endpoint_of(name), captured(name));
}

inline ModelRequest asking(ModelApi api, bool stream) {
  ModelRequest request{.api = api, .model = "m", .stream = stream, .stream_usage = true};
  request.messages.push_back({.text = "hello", .parts = {"hello"}});
  return request;
}

}  // namespace skillaudit
