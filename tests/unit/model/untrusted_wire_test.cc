// Requests and replies that were changed at random.
#include "harness/model/conversation.h"

#include <gmock/gmock.h>

#include <random>

#include "harness/base/error.h"
#include "tests/unit/model/captured.h"

namespace skillaudit {
namespace {

/// One to four changes to bytes, pieces and lengths.
std::string mutated(std::string text, std::mt19937& random) {
  static constexpr std::string_view kBytes = "\"{}[],:0-ntf\\\n\xff e";
  const auto below = [&](std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
  };
  for (std::size_t i = 1 + below(4); i > 0 && !text.empty(); --i) {
    const std::size_t at = below(text.size());
    switch (below(5)) {
      case 0:
        text[at] = kBytes[below(kBytes.size())];
        break;
      case 1:
        text.erase(at, 1 + below(40));
        break;
      case 2:
        text.insert(at, text.substr(below(text.size()), 1 + below(40)));
        break;
      case 3:
        text.resize(at);
        break;
      default:  // another type for a whole value, so that the body stays JSON
        if (const std::size_t colon = text.find(": ", at); colon != std::string::npos) {
          static constexpr std::string_view kValues[] = {"null",  "7",    "-1",   "{}",   "[]",
                                                         "\"x\"", "true", "[[]]", "1e999"};
          const std::size_t end = text.find_first_of(",\n", colon);
          text.replace(colon + 2, std::min(end, text.size()) - colon - 2, kValues[below(9)]);
        }
    }
  }
  return text;
}

TEST(Untrusted, RequestsGiveAValueOrAnEvidenceError) {
  std::mt19937 random(1);
  std::size_t refused = 0;
  for (const std::string& name : kCaptured) {
    const std::string body = captured(name);
    for (int round = 0; round < 100; ++round) {
      const std::string changed = mutated(body, random);
      for (const char* other : {name.c_str(), "claude-x", "codex-x", "chat-x", "gemini-x"}) {
        try {
          (void)estimated_tokens(parse_request(endpoint_of(other), changed));
        } catch (const Error& error) {
          ASSERT_EQ(error.kind(), ErrorKind::Evidence);
          ++refused;
        }
      }
    }
  }
  EXPECT_GT(refused, 0U);
}

TEST(Untrusted, RepliesGiveAValueOrAnEvidenceError) {
  std::mt19937 random(2);
  const ModelReply reply{.text = "Hello", .calls = {{"", "Bash", {{"command", "ls"}}}}};
  std::size_t refused = 0;
  for (const ModelApi api : kApis)
    for (const bool stream : {true, false}) {
      const std::string body = render_reply(asking(api, stream), reply, 1).body;
      for (int round = 0; round < 200; ++round) {
        const std::string changed = mutated(body, random);
        for (const ModelApi other : kApis)
          for (const int status : {200, 500}) try {
              (void)parse_reply(other, status, changed);
            } catch (const Error& error) {
              ASSERT_EQ(error.kind(), ErrorKind::Evidence);
              ++refused;
            }
      }
    }
  EXPECT_GT(refused, 0U);
}

}  // namespace
}  // namespace skillaudit
