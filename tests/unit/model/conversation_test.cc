#include "harness/model/conversation.h"

#include <gmock/gmock.h>

#include <random>

#include "harness/agents/agent.h"
#include "harness/base/error.h"
#include "tests/unit/model/captured.h"

namespace skillaudit {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

constexpr ModelApi kApis[] = {ModelApi::AnthropicMessages, ModelApi::OpenAiResponses,
                              ModelApi::OpenAiChat, ModelApi::Gemini};
const std::vector<std::string> kCaptured = {"claude-first",   "claude-result",   "opencode-title",
                                            "opencode-first", "opencode-result", "codex-first",
                                            "codex-result",   "gemini-first",    "gemini-result",
                                            "gemini-router",  "chat-result"};

ModelRequest asking(ModelApi api, bool stream) {
  ModelRequest request{.api = api, .model = "m", .stream = stream, .stream_usage = true};
  request.messages.push_back({.text = "hello", .parts = {"hello"}});
  return request;
}

std::string complaint(const ModelEndpoint& endpoint, const std::string& body) {
  try {
    (void)parse_request(endpoint, body);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Evidence);
    return error.what();
  }
  return "accepted";
}

std::string complaint_of_reply(ModelApi api, const std::string& body) {
  try {
    (void)parse_reply(api, 200, body);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Evidence);
    return error.what();
  }
  return "accepted";
}

TEST(Endpoint, IsToldByMethodAndPath) {
  EXPECT_EQ(model_endpoint("POST", "/v1/messages?beta=true")->api, ModelApi::AnthropicMessages);
  EXPECT_TRUE(model_endpoint("POST", "/v1/messages/count_tokens?beta=true")->counts_tokens);
  EXPECT_EQ(model_endpoint("POST", "/v1/responses")->api, ModelApi::OpenAiResponses);
  EXPECT_EQ(model_endpoint("POST", "/v1/chat/completions")->api, ModelApi::OpenAiChat);
  const auto gemini =
      model_endpoint("POST", "/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse");
  ASSERT_TRUE(gemini);
  EXPECT_EQ(gemini->model, "gemini-2.5-pro");
  EXPECT_TRUE(gemini->stream);
  EXPECT_FALSE(gemini->array_stream);
  EXPECT_TRUE(model_endpoint("POST", "/v1beta/models/g:streamGenerateContent")->array_stream);
  EXPECT_TRUE(model_endpoint("POST", "/v1beta/models/g:countTokens")->counts_tokens);
  EXPECT_FALSE(model_endpoint("GET", "/v1/messages"));
  EXPECT_FALSE(model_endpoint("POST", "/v1/messages/batches"));
  EXPECT_FALSE(model_endpoint("POST", "/v1beta/models/g:embedContent"));
  EXPECT_FALSE(model_endpoint("POST", "/v1beta/x/models/g:generateContent"));
  EXPECT_FALSE(model_endpoint("POST", ""));
}

TEST(Endpoint, OfEachAgentIsOneOfItsWireFormat) {
  for (const Agent& agent : known_agents()) {
    const auto api = model_api_named(agent.model.api);
    ASSERT_TRUE(api) << agent.name;
    for (std::string path : agent.model.paths) {
      if (const std::size_t star = path.find('*'); star != std::string::npos)
        path.replace(star, 1, "some-model");
      const auto endpoint = model_endpoint("POST", path);
      ASSERT_TRUE(endpoint) << path;
      EXPECT_EQ(endpoint->api, *api) << path;
    }
  }
}

TEST(Names, OfApisCanBeReadBack) {
  for (const ModelApi api : kApis) EXPECT_EQ(model_api_named(name_of(api)), api);
  EXPECT_FALSE(model_api_named("gpt"));
}

TEST(ParseRequest, ReadsWhatClaudeCodeSends) {
  const ModelRequest request = captured_request("claude-result");
  EXPECT_EQ(request.model, "claude-opus-4-8");
  EXPECT_TRUE(request.stream);
  ASSERT_THAT(request.messages, SizeIs(5));
  EXPECT_EQ(request.messages[0].role, Role::System);
  EXPECT_THAT(
      request.messages[1].parts,
      ElementsAre(StartsWith("<system-reminder>"), "Use the hello-notes skill to do what it does"));
  EXPECT_EQ(request.messages[2].role, Role::System);
  EXPECT_THAT(request.messages[3].calls,
              ElementsAre(ToolCall{
                  "toolu_01",
                  "Bash",
                  {{"command", "echo hello from tool; id -un"}, {"description", "say hello"}}}));
  EXPECT_THAT(request.messages[4].results,
              ElementsAre(ToolResult{"toolu_01", "hello from tool\nada", false}));
  ASSERT_THAT(request.tools, SizeIs(3));
  EXPECT_EQ(request.tools[2].name, "Skill");
  EXPECT_TRUE(request.tools[2].parameters["properties"].contains("skill"));
}

TEST(ParseRequest, ReadsWhatOpenCodeSends) {
  const ModelRequest request = captured_request("opencode-result");
  EXPECT_THAT(request.messages.back().results,
              ElementsAre(ToolResult{"toolu_01", "hello from tool\nada\n", false}));
  EXPECT_THAT(captured_request("opencode-title").tools, IsEmpty());
}

TEST(ParseRequest, ReadsWhatCodexSends) {
  const ModelRequest request = captured_request("codex-result");
  ASSERT_THAT(request.messages, SizeIs(6));
  EXPECT_EQ(request.messages[1].role, Role::System);
  EXPECT_THAT(request.messages[1].parts, SizeIs(2));
  EXPECT_EQ(request.messages[3].text, "Use the hello-notes skill to do what it does");
  EXPECT_THAT(
      request.messages[4].calls,
      ElementsAre(ToolCall{"call_1", "exec_command", {{"cmd", "echo hello from tool; id -un"}}}));
  ASSERT_THAT(request.messages[5].results, SizeIs(1));
  EXPECT_THAT(request.messages[5].results[0].text, EndsWith("Output:\nhello from tool\nada\n"));
  ASSERT_THAT(request.tools, SizeIs(3));
  EXPECT_EQ(request.tools[1].name, "multi_agent_v1.close_agent");
  EXPECT_EQ(request.tools[2].type, "web_search");
}

TEST(ParseRequest, ReadsWhatGeminiCliSends) {
  const ModelRequest request = captured_request("gemini-result");
  EXPECT_EQ(request.model, "gemini-2.5-pro");
  ASSERT_THAT(request.messages, SizeIs(4));
  EXPECT_THAT(request.messages[1].parts, SizeIs(2));
  ASSERT_THAT(request.messages[2].calls, SizeIs(1));
  EXPECT_EQ(request.messages[2].calls[0].id, request.messages[3].results[0].call_id);
  EXPECT_THAT(request.messages[3].results[0].text, HasSubstr("Output: hello from tool"));
  ASSERT_THAT(request.tools, SizeIs(3));
  EXPECT_EQ(request.tools[1].name, "run_shell_command");
  EXPECT_EQ(captured_request("gemini-router").response_schema["type"], "OBJECT");
}

TEST(ParseRequest, GivesIdsToCallsOfGeminiThatHaveNone) {
  const std::string body = R"({"contents":[
    {"role":"model","parts":[{"functionCall":{"name":"a","args":{"n":1}}},
                             {"functionCall":{"name":"a","args":{"n":2}}},
                             {"functionCall":{"name":"b"}}]},
    {"role":"user","parts":[{"functionResponse":{"name":"b","response":{"output":"of b"}}},
                            {"functionResponse":{"name":"a","response":{"output":"of 1"}}},
                            {"functionResponse":{"name":"a","response":{"error":"of 2"}}}]}]})";
  const ModelRequest request = parse_request(endpoint_of("gemini-x"), body);
  EXPECT_EQ(request.messages[0].calls[1].id, "call_2");
  EXPECT_THAT(request.messages[1].results,
              ElementsAre(ToolResult{"call_3", "of b", false}, ToolResult{"call_1", "of 1", false},
                          ToolResult{"call_2", "of 2", true}));
}

TEST(ParseRequest, ReadsChatCompletions) {
  const ModelRequest request = captured_request("chat-result");
  ASSERT_THAT(request.messages, SizeIs(4));
  EXPECT_EQ(request.messages[2].calls[0].arguments["command"], "id -un");
  EXPECT_TRUE(request.messages[2].calls[1].arguments.is_null());
  EXPECT_THAT(request.messages[3].results,
              ElementsAre(ToolResult{"call_a", "ada\n"}, ToolResult{"call_b", "no such command"}));
}

TEST(ParseRequest, ReadsTheShellCallsOfOlderCodexVersions) {
  const std::string body = R"({"model":"m","instructions":"Be brief.","input":[
    {"role":"user","content":"go"},
    {"type":"reasoning","summary":[],"encrypted_content":"x"},
    {"type":"local_shell_call","call_id":"c1","action":{"type":"exec","command":["ls"]}},
    {"type":"custom_tool_call","call_id":"c2","name":"apply_patch","input":"*** Begin"},
    {"type":"local_shell_call_output","call_id":"c1","output":"a"},
    {"type":"custom_tool_call_output","call_id":"c2","output":[{"type":"input_text","text":"b"}]}],
    "tools":[{"type":"local_shell"},{"type":"custom","name":"apply_patch"}]})";
  const ModelRequest request = parse_request(endpoint_of("codex-x"), body);
  ASSERT_THAT(request.messages, SizeIs(4));
  EXPECT_EQ(request.messages[0].text, "Be brief.");
  EXPECT_THAT(request.messages[2].calls,
              ElementsAre(ToolCall{"c1", "local_shell", {{"command", json::array({"ls"})}}},
                          ToolCall{"c2", "apply_patch", json{{"input", "*** Begin"}}}));
  EXPECT_THAT(request.messages[3].results,
              ElementsAre(ToolResult{"c1", "a"}, ToolResult{"c2", "b"}));
}

TEST(ParseRequest, SaysWhereAndWhatIsWrong) {
  const ModelEndpoint anthropic = endpoint_of("claude-x");
  EXPECT_THAT(complaint(anthropic, "hello"), StartsWith("the request is not JSON"));
  EXPECT_EQ(complaint(anthropic, "{}"), "model is missing, but must be text");
  EXPECT_EQ(complaint(anthropic, R"({"model":"m"})"), "messages is missing, but must be a list");
  EXPECT_EQ(complaint(anthropic, R"({"model":"m","messages":[{"role":"x"}]})"),
            "messages[0].role is of type string, but must be user, assistant or system");
  EXPECT_EQ(complaint(anthropic, R"({"model":"m","messages":[{"role":"user","content":[
              {"type":"text","text":4}]}]})"),
            "messages[0].content[0].text is of type number, but must be text");
  EXPECT_EQ(complaint(endpoint_of("codex-x"), R"({"model":"m"})"),
            "input is missing, but must be text or a list of items");
  EXPECT_EQ(complaint(endpoint_of("gemini-x"), "[]"),
            "the whole is of type array, but must be an object");
  EXPECT_EQ(complaint(anthropic, std::string(200'000, '[')),
            "the request is nested deeper than 128 levels");
}

class EveryApi : public testing::TestWithParam<std::tuple<ModelApi, bool>> {
 protected:
  [[nodiscard]] ModelApi api() const { return std::get<0>(GetParam()); }
  [[nodiscard]] ModelRequest request() const { return asking(api(), std::get<1>(GetParam())); }
  [[nodiscard]] ModelReply round_trip(const ModelReply& reply) const {
    const RenderedReply rendered = render_reply(request(), reply, 7);
    return parse_reply(api(), rendered.status, rendered.body);
  }
};

TEST_P(EveryApi, CarriesTextsCallsAndUsage) {
  const ModelReply sent{.text = "On it, \"now\".\n→",
                        .calls = {{"", "Bash", {{"command", "echo 'a\nb'"}}}, {"", "Read", json()}},
                        .usage = TokenUse{11, 4}};
  const ModelReply got = round_trip(sent);
  EXPECT_EQ(got.text, sent.text);
  ASSERT_THAT(got.calls, SizeIs(2));
  EXPECT_EQ(got.calls[0].name, "Bash");
  EXPECT_EQ(got.calls[0].arguments, sent.calls[0].arguments);
  EXPECT_EQ(got.calls[1].arguments, json::object());
  EXPECT_NE(got.calls[0].id, got.calls[1].id);
  EXPECT_EQ(got.usage, sent.usage);
  EXPECT_EQ(got.status, 200);
}

TEST_P(EveryApi, CarriesATextAloneAndAnEmptyAnswer) {
  EXPECT_EQ(round_trip({.text = "Done."}).text, "Done.");
  EXPECT_THAT(round_trip({.text = "Done."}).calls, IsEmpty());
  EXPECT_EQ(round_trip({}).text, "");
}

TEST_P(EveryApi, SaysAnErrorInTheApisOwnShape) {
  const ModelReply got =
      round_trip({.status = 429, .error_message = "Slow down", .retry_after_s = 3});
  EXPECT_EQ(got.status, 429);
  EXPECT_EQ(got.error_message, "Slow down");
  EXPECT_NE(got.error_type, "");
  EXPECT_THAT(render_reply(request(), {.status = 429, .retry_after_s = 3}, 1).headers,
              ElementsAre(std::pair<std::string, std::string>("retry-after", "3")));
  EXPECT_EQ(round_trip({.status = 418, .error_type = "teapot"}).error_type, "teapot");
}

TEST_P(EveryApi, SendsRawBytesAsTheyAre) {
  const RenderedReply rendered = render_reply(request(), {.raw = "not json"}, 1);
  EXPECT_EQ(rendered.body, "not json");
  EXPECT_EQ(rendered.content_type, "application/json");
}

TEST_P(EveryApi, GivesTheSameBytesForTheSameAnswerAndOtherIdsForAnotherTurn) {
  const ModelReply reply{.text = "a", .calls = {{"", "Bash", {{"command", "id"}}}}};
  EXPECT_EQ(render_reply(request(), reply, 3).body, render_reply(request(), reply, 3).body);
  EXPECT_NE(render_reply(request(), reply, 3).body, render_reply(request(), reply, 4).body);
}

TEST_P(EveryApi, RendersBytesThatAreNoUtf8) {
  EXPECT_EQ(round_trip({.text = "a\xff"
                                "b"})
                .text,
            "a\uFFFDb");
}

INSTANTIATE_TEST_SUITE_P(Wire, EveryApi,
                         testing::Combine(testing::ValuesIn(kApis), testing::Bool()),
                         [](const auto& test) {
                           std::string name(name_of(std::get<0>(test.param)));
                           std::erase(name, '-');
                           return name + (std::get<1>(test.param) ? "Events" : "Json");
                         });

TEST(RenderReply, CountsTokensInTheApisForm) {
  ModelRequest request = asking(ModelApi::AnthropicMessages, false);
  request.counts_tokens = true;
  EXPECT_EQ(render_reply(request, {}, 1).body, R"({"input_tokens":2})");
  request.api = ModelApi::Gemini;
  EXPECT_EQ(render_reply(request, {}, 1).body, R"({"totalTokens":2})");
}

TEST(RenderReply, CallsAToolInTheFormInWhichItWasOffered) {
  ModelRequest request = asking(ModelApi::OpenAiResponses, false);
  request.tools = {{"local_shell", json(), "local_shell"}, {"apply_patch", json(), "custom"}};
  const ModelReply reply{.calls = {{"", "local_shell", {{"command", json::array({"ls"})}}},
                                   {"", "apply_patch", json{{"input", "*** Begin"}}},
                                   {"", "agents.close", json{{"target", "a"}}}}};
  const json output = json::parse(render_reply(request, reply, 1).body)["output"];
  EXPECT_EQ(output[0]["type"], "local_shell_call");
  EXPECT_EQ(output[0]["action"]["command"], json::array({"ls"}));
  EXPECT_EQ(output[1]["type"], "custom_tool_call");
  EXPECT_EQ(output[1]["input"], "*** Begin");
  EXPECT_EQ(output[2]["namespace"], "agents");
  EXPECT_EQ(output[2]["name"], "close");
}

TEST(RenderReply, StreamsOfGeminiWithoutServerSentEventsAreALists) {
  ModelRequest request = asking(ModelApi::Gemini, true);
  request.array_stream = true;
  const RenderedReply rendered = render_reply(request, {.text = "a"}, 1);
  EXPECT_THAT(rendered.body, StartsWith("[{"));
  EXPECT_EQ(parse_reply(ModelApi::Gemini, 200, rendered.body).text, "a");
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
