#include "harness/model/conversation.h"

#include <gmock/gmock.h>

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

std::string complaint(const ModelEndpoint& endpoint, const std::string& body) {
  try {
    (void)parse_request(endpoint, body);
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

}  // namespace
}  // namespace skillaudit
