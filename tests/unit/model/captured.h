#pragma once

#include <string>

#include "harness/base/file.h"
#include "harness/model/conversation.h"
#include "tests/paths.h"

namespace skillaudit {

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

}  // namespace skillaudit
