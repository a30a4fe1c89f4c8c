#include "harness/model/conversation.h"

#include <gmock/gmock.h>

#include "harness/base/error.h"
#include "tests/unit/model/captured.h"

namespace skillaudit {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

std::string complaint_of_reply(ModelApi api, const std::string& body) {
  try {
    (void)parse_reply(api, 200, body);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Evidence);
    return error.what();
  }
  return "accepted";
}

// What the hosts really send, as their documentation shows it.
TEST(ParseReply, ReadsAnthropicsEventsWithPingsThinkingAndPieces) {
  const std::string body =
      "event: message_start\n"
      "data: "
      "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":"
      "\"assistant\",\"content\":[],\"model\":\"m\",\"stop_reason\":null,\"usage\":{\"input_"
      "tokens\":3,"
      "\"cache_creation_input_tokens\":100,\"cache_read_input_tokens\":20,\"output_tokens\":1}}}"
      "\n\n"
      "event: content_block_start\n"
      "data: "
      "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"thinking\","
      "\"thinking\":\"\",\"signature\":\"\"}}\n\n"
      "event: ping\ndata: {\"type\": \"ping\"}\n\n"
      "event: content_block_delta\n"
      "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"thinking_delta\","
      "\"thinking\":\"Hm\"}}\n\n"
      "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"signature_delta\","
      "\"signature\":\"Eq\"}}\n\n"
      "data: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
      "data: "
      "{\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"text\",\"text\":"
      "\"\"}}\n\n"
      "data: "
      "{\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"text_delta\",\"text\":"
      "\"Let \"}}\n\n"
      "data: "
      "{\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"text_delta\",\"text\":"
      "\"me\"}}\n\n"
      "data: "
      "{\"type\":\"content_block_start\",\"index\":2,\"content_block\":{\"type\":\"tool_use\","
      "\"id\":"
      "\"toolu_1\",\"name\":\"Bash\",\"input\":{}}}\n\n"
      "data: "
      "{\"type\":\"content_block_delta\",\"index\":2,\"delta\":{\"type\":\"input_json_delta\","
      "\"partial_json\":\"\"}}\n\n"
      "data: "
      "{\"type\":\"content_block_delta\",\"index\":2,\"delta\":{\"type\":\"input_json_delta\","
      "\"partial_json\":\"{\\\"command\\\": \\\"l\"}}\n\n"
      "data: "
      "{\"type\":\"content_block_delta\",\"index\":2,\"delta\":{\"type\":\"input_json_delta\","
      "\"partial_json\":\"s\\\"}\"}}\n\n"
      "data: "
      "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\",\"stop_sequence\":null},"
      "\"usage\":{\"output_tokens\":89}}\n\n"
      "data: {\"type\":\"message_stop\"}\n\n";
  const ModelReply reply = parse_reply(ModelApi::AnthropicMessages, 200, body);
  EXPECT_EQ(reply.text, "Let me");
  EXPECT_THAT(reply.calls, ElementsAre(ToolCall{"toolu_1", "Bash", json{{"command", "ls"}}}));
  EXPECT_EQ(reply.usage, (TokenUse{123, 89}));
  EXPECT_EQ(reply.stop_reason, "tool_use");
}

TEST(ParseReply, TakesAnErrorWithinAStreamForOne) {
  const ModelReply anthropic = parse_reply(
      ModelApi::AnthropicMessages, 200,
      "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\","
      "\"message\":\"Overloaded\"}}\n\n");
  EXPECT_EQ(anthropic.status, 529);
  EXPECT_EQ(anthropic.error_message, "Overloaded");
  const ModelReply responses = parse_reply(
      ModelApi::OpenAiResponses, 200,
      "data: {\"type\":\"response.failed\",\"response\":{\"status\":\"failed\",\"error\":{\"code\":"
      "\"rate_limit_exceeded\",\"message\":\"Wait\"},\"output\":[]}}\n\n");
  EXPECT_EQ(responses.status, 429);
  EXPECT_EQ(responses.error_message, "Wait");
  const ModelReply chat = parse_reply(
      ModelApi::OpenAiChat, 200,
      "data: {\"error\":{\"message\":\"Broken\",\"type\":\"server_error\"}}\n\ndata: [DONE]\n\n");
  EXPECT_EQ(chat.status, 500);
  const ModelReply gemini = parse_reply(
      ModelApi::Gemini, 200,
      "data: {\"error\":{\"code\":503,\"message\":\"Busy\",\"status\":\"UNAVAILABLE\"}}\r\n\r\n");
  EXPECT_EQ(gemini.status, 503);
}

TEST(ParseReply, ReadsResponsesWhoseLastEventHasNoOutput) {
  const ModelReply reply = parse_reply(
      ModelApi::OpenAiResponses, 200,
      "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{}}\n\n"
      ": keep-alive\n\n"
      "data: "
      "{\"type\":\"response.output_item.done\",\"item\":{\"type\":\"reasoning\",\"summary\":[]}}"
      "\n\n"
      "data: "
      "{\"type\":\"response.output_item.done\",\"item\":{\"type\":\"function_call\",\"call_id\":"
      "\"c\",\"name\":\"exec_command\",\"arguments\":\"{\\\"cmd\\\":\\\"ls\\\"}\"}}\n\n"
      "data: {\"type\":\"response.completed\",\"response\":{\"status\":\"completed\",\"output\":[],"
      "\"usage\":{\"input_tokens\":9,\"input_tokens_details\":{\"cached_tokens\":4},\"output_"
      "tokens\":2}}}\n\n");
  EXPECT_THAT(reply.calls, ElementsAre(ToolCall{"c", "exec_command", json{{"cmd", "ls"}}}));
  EXPECT_EQ(reply.usage, (TokenUse{9, 2}));
}

TEST(ParseReply, JoinsThePiecesOfChatCompletions) {
  const ModelReply reply = parse_reply(
      ModelApi::OpenAiChat, 200,
      "data: "
      "{\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":null,\"tool_"
      "calls\":"
      "[{\"index\":0,\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"bash\","
      "\"arguments\":\"\"}}]},"
      "\"finish_reason\":null}],\"usage\":null}\n\n"
      "data: "
      "{\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{"
      "\"arguments\":"
      "\"{\\\"command\\\":\"}}]},\"finish_reason\":null}]}\n\n"
      "data: "
      "{\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{"
      "\"arguments\":"
      "\"\\\"ls\\\"}\"}}]},\"finish_reason\":null}]}\n\n"
      "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"tool_calls\"}]}\n\n"
      "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":6}}\n\n"
      "data: [DONE]\n\n");
  EXPECT_THAT(reply.calls, ElementsAre(ToolCall{"c", "bash", json{{"command", "ls"}}}));
  EXPECT_EQ(reply.usage, (TokenUse{5, 6}));
}

TEST(ParseReply, ReadsGeminisChunksWithThoughts) {
  const ModelReply reply = parse_reply(
      ModelApi::Gemini, 200,
      "data: "
      "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hm\",\"thought\":true}],\"role\":"
      "\"model\"},"
      "\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":10,\"thoughtsTokenCount\":3}}\r\n\r\n"
      "data: "
      "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"He\"}],\"role\":\"model\"}}]}\r\n\r\n"
      "data: "
      "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"llo\"},{\"functionCall\":{\"name\":"
      "\"f\","
      "\"args\":{\"a\":1}},\"thoughtSignature\":\"x\"}],\"role\":\"model\"},\"finishReason\":"
      "\"STOP\"}],"
      "\"usageMetadata\":{\"promptTokenCount\":10,\"candidatesTokenCount\":4,"
      "\"thoughtsTokenCount\":3,"
      "\"cachedContentTokenCount\":8}}\r\n\r\n");
  EXPECT_EQ(reply.text, "Hello");
  EXPECT_THAT(reply.calls, ElementsAre(ToolCall{"", "f", json{{"a", 1}}}));
  EXPECT_EQ(reply.usage, (TokenUse{10, 7}));
  EXPECT_EQ(reply.stop_reason, "STOP");
}

TEST(ParseReply, RefusesAStreamThatBreaksOff) {
  for (const ModelApi api : kApis) {
    const std::string whole = render_reply(asking(api, true), {.text = "Hello"}, 1).body;
    const std::size_t end = whole.find("\n\n");
    if (end + 2 == whole.size()) continue;  // Gemini's is one event
    EXPECT_THAT(complaint_of_reply(api, whole.substr(0, end) + "\n\n"),
                StartsWith("the stream is incomplete"))
        << name_of(api);
  }
  EXPECT_THAT(complaint_of_reply(ModelApi::Gemini, "data: {\"candidates\":[]}\n\n"),
              StartsWith("the stream is incomplete"));
}

TEST(ParseReply, RefusesWhatIsNoReply) {
  for (const ModelApi api : kApis) {
    EXPECT_THAT(complaint_of_reply(api, "<html>"), HasSubstr("neither JSON nor"));
    EXPECT_THAT(complaint_of_reply(api, ""), HasSubstr("neither JSON nor"));
    EXPECT_NE(complaint_of_reply(api, "{}"), "accepted");
  }
}

TEST(ParseReply, KeepsAnErrorsPageThatIsNotInTheApisShape) {
  const ModelReply reply = parse_reply(ModelApi::AnthropicMessages, 502, "<html>Bad gateway");
  EXPECT_EQ(reply.status, 502);
  EXPECT_EQ(reply.raw, "<html>Bad gateway");
}

}  // namespace
}  // namespace skillaudit
